import type { Knex } from 'knex'

/** Who could query before somebody told him needs no news of it: such ties count as considered. */
export const up = (db: Knex) =>
  db.raw(`
  create table official_followers (
    account_id bigint constraint official_followers_pkey primary key references accounts (id) on delete cascade,
    wrote_at timestamptz,
    acted_at timestamptz,
    left_at timestamptz
  );
  comment on table official_followers is 'Writer: official-account. When a follower of the official account last did something: it decides whether the account may write to him by itself.';
  comment on column official_followers.wrote_at is 'last message: opens 48 h';
  comment on column official_followers.acted_at is 'last subscription or menu tap: opens a minute';
  comment on column official_followers.left_at is 'unsubscribed; null: follows, as far as known';

  create table official_notices (
    kind text not null constraint official_notices_kind check (kind in ('answer', 'bound', 'unbound', 'warning')),
    subject text not null,
    account_id bigint references accounts (id) on delete cascade,
    way text not null constraint official_notices_way check (way in ('reply', 'message', 'none')),
    ordered_at timestamptz not null,
    taken_at timestamptz,
    constraint official_notices_pkey primary key (kind, subject)
  );
  create index official_notices_sent on official_notices (account_id, taken_at) where way = 'message';
  comment on table official_notices is 'Writer: official-account. What was said in the official account, each thing once: the answer to a push, and what happened to a tie.';
  comment on column official_notices.subject is 'answer: hash of the key of the push; bound, unbound: id of the tie; warning: what it is about';
  comment on column official_notices.way is 'reply: the answer to the push itself; message: a customer-service message; none: it could not be said';
  comment on column official_notices.taken_at is 'set before a message is sent; null: ordered, or released because it certainly did not leave';

  insert into official_notices (kind, subject, account_id, way, ordered_at, taken_at)
  select 'bound', t.id::text, t.account_id, 'none', now(), now()
  from customer_accounts t join account_access x on x.account_id = t.account_id
  where t.app = 'official' and t.ended_at is null and x.may_query;
`)
