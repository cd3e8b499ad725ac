import type { Knex } from 'knex'

const kf = `
  alter table pending_bindings add column welcome_until timestamptz;
  comment on column pending_bindings.welcome_until is 'until when welcome_code is good (20 s after the customer came in); null: an old process wrote it';
  alter table kf_cursors add column served_by_people_at timestamptz;
  comment on column kf_cursors.served_by_people_at is 'when last a customer''s first word was found in the hands of a servicer: the bot cannot answer there';
`

/** Rows of one member in two spellings: the one heard of last stays, and what an event proved goes on with the other. */
const joinSpellings = `
  delete from members m using members n
    where lower(m.userid) = lower(n.userid) and m.userid <> n.userid and (m.checked_at, m.userid) < (n.checked_at, n.userid);
  delete from member_failures m using member_failures n
    where lower(m.userid) = lower(n.userid) and m.userid <> n.userid and (m.failed_at, m.userid) < (n.failed_at, n.userid);
  delete from contact_follows f using contact_follows g
    where f.external_userid = g.external_userid and lower(f.userid) = lower(g.userid) and f.userid <> g.userid
      and (f.followed_at, f.fetched_at, f.userid) < (g.followed_at, g.fetched_at, g.userid);

  create temporary table twice on commit drop as
    select v.id, min(w.id) as first from wework_customer_events v join wework_customer_events w
      on w.external_userid = v.external_userid and lower(w.employee_userid) = lower(v.employee_userid)
        and w.event_type = v.event_type and w.followed_at = v.followed_at and w.id < v.id
    group by v.id;
  update wework_customer_events v set customer_phone = coalesce(v.customer_phone, w.customer_phone)
    from twice t join wework_customer_events w on w.id = t.id where v.id = t.first;
  update evidence e set event_id = t.first from twice t where e.event_id = t.id;
  delete from wework_customer_events v using twice t where v.id = t.id;
  drop table twice;

  create temporary table proofs on commit drop as
    select e.id, e.reason, row_number() over (same order by v.followed_at desc nulls last, e.id) as place,
      max(e.reason) over same as said, count(*) over same as spellings
    from evidence e left join wework_customer_events v on v.id = e.event_id
    where e.kind = 'phone_search' and e.revoked_at is null
    window same as (partition by e.external_userid, e.phone_hmac, lower(e.member_userid));
  update evidence e set revoked_at = now(), revoked_reason = 'the same member in another spelling' from proofs p where p.id = e.id and p.place > 1;
  update evidence e set reason = p.said from proofs p where p.id = e.id and p.place = 1 and p.spellings > 1 and e.reason is null;
  drop table proofs;
  update reviews r set closed_at = now(), closed_by = 'update', close_reason = 'the same member in another spelling' from reviews o
    where r.closed_at is null and o.closed_at is null and o.id < r.id and o.kind = r.kind and lower(o.member_userid) = lower(r.member_userid)
      and (o.external_userid, o.customer_id, o.phone_hmac) is not distinct from (r.external_userid, r.customer_id, r.phone_hmac);
`

/** D27, where all comparisons end: equal, unique, joined and grouped without regard to case, and kept as first seen. */
const compareWithoutCase = `
  create collation userid (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  comment on collation userid is 'of columns that hold the userid of a member: WeCom takes two spellings for one (D27)';
  alter table members alter column userid type text collate userid;
  alter table member_failures alter column userid type text collate userid;
  alter table staff_sessions alter column userid type text collate userid;
  alter table question_notices alter column userid type text collate userid;
  alter table contact_follows alter column userid type text collate userid, alter column oper_userid type text collate userid;
  alter table wework_customer_events alter column employee_userid type text collate userid;
  alter table evidence alter column member_userid type text collate userid;
  alter table reviews alter column member_userid type text collate userid;
  alter table tickets alter column member_userid type text collate userid;
  alter table projects alter column designer_userid type text collate userid, alter column project_manager_userid type text collate userid;
  alter table operation_log alter column operator_userid type text collate userid;
`

export const up = (db: Knex) => db.raw(kf + joinSpellings + compareWithoutCase)
