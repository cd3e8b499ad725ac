import type { Knex } from 'knex'

/** What the staff desk and remedies look up by, and members whom nobody could look up. */
export const up = (db: Knex) =>
  db.raw(`
  create index project_parties_phone on project_parties (phone_hmac);
  create index binding_history_account on binding_history (account_id, external_userid, id) where account_id is not null;
  create index operation_log_operator on operation_log (operator_userid, operation, at);
  create index customer_accounts_contact on customer_accounts (external_userid);
  create index contact_follows_member on contact_follows (userid) where ended_at is null;
  create index reviews_member on reviews (member_userid) where closed_at is null;
  alter table pair_endings drop constraint pair_endings_by;
  alter table pair_endings add constraint pair_endings_by check (ended_by in ('customer', 'contact', 'not_me', 'admin'));
  comment on column pair_endings.ended_by is 'customer: the account itself, in its app; contact: in the chat; not_me: before it was bound; admin';
  comment on column contact_follows.fetched_at is 'when WeCom was asked; an answer to an older question does not replace a newer one';

  create table member_failures (
    userid text primary key,
    failed_at timestamptz not null
  );
  comment on table member_failures is 'Writer: members. When a look at a member failed last: until one succeeds he comes after all others, so that five who always fail do not stop every round before them.';
`)
