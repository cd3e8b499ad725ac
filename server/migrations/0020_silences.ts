import type { Knex } from 'knex'

/** Ties and ends from before count as told: nobody needs news of them. */
export const up = (db: Knex) =>
  db.raw(`
  alter table customer_accounts add column told_in_chat boolean not null default true;
  alter table customer_accounts alter column told_in_chat set default false;
  alter table customer_accounts add column tied_by text;
  comment on column customer_accounts.told_in_chat is 'the contact made the tie in its own chat, which tells the result; else it is told elsewhere (D22)';
  comment on column customer_accounts.tied_by is 'the row of the decision table that tied; null: from before that was kept';

  create index customer_accounts_account on customer_accounts (account_id, id);

  create view tie_news as
  select t.id as tie_id, t.account_id, t.app, t.customer_id, t.external_userid, t.tied_at, t.tied_by, t.ended_at, p.ended_by,
         not t.told_in_chat as silent,
         a.unionid is not null and exists (
           select 1 from customer_accounts o join accounts b on b.id = o.account_id
           where o.external_userid = t.external_userid and o.id < t.id and (o.ended_at is null or o.ended_at > t.tied_at) and b.unionid = a.unionid
         ) as further_app
  from customer_accounts t
  join accounts a on a.id = t.account_id
  left join pair_endings p on p.account_id = t.account_id and p.external_userid = t.external_userid and p.ended_at = t.ended_at;
  comment on view tie_news is 'How each tie was made and ended, and whether the chat of the contact said so. further_app: the same WeChat user was tied already, by another app.';

  create table staff_tie_notices (
    tie_id bigint not null references customer_accounts (id) on delete cascade,
    kind text not null constraint staff_tie_notices_kind check (kind in ('made', 'ended')),
    told_at timestamptz not null,
    constraint staff_tie_notices_pkey primary key (tie_id, kind)
  );
  comment on table staff_tie_notices is 'Writer: staff. Ties that members were told about: at most once each, made and ended.';

  insert into staff_tie_notices (tie_id, kind, told_at) select id, 'ended', now() from customer_accounts where ended_at is not null;

  alter table official_notices drop constraint official_notices_kind;
  alter table official_notices add constraint official_notices_kind check (kind in ('answer', 'bound', 'tied', 'unbound', 'warning'));
  comment on column official_notices.subject is 'answer: hash of the key of the push; bound, unbound: id of the tie; tied: id of the tie of another account, and who is told; warning: what it is about';

  create table configuration_alarms (
    kind text constraint configuration_alarms_pkey primary key,
    raised_at timestamptz not null,
    ended_at timestamptz
  );
  comment on table configuration_alarms is 'Writer: customers. What looks wrong with the installation as a whole, not with one customer (D15).';
`)
