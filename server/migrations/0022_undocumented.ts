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
  update evidence e set event_id = t.first from twice t where e.event_id = t.id;
  delete from wework_customer_events v using twice t where v.id = t.id;
  drop table twice;

  update evidence e set revoked_at = now(), revoked_reason = 'the same member in another spelling' from evidence o
    where e.kind = 'phone_search' and o.kind = 'phone_search' and e.revoked_at is null and o.revoked_at is null and o.id < e.id
      and o.external_userid = e.external_userid and o.phone_hmac = e.phone_hmac and lower(o.member_userid) = lower(e.member_userid);
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
