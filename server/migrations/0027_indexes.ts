import type { Knex } from 'knex'

/** Statements that read all of a table that grows get an index; who is asked about, merged or told again is found at once. */
export const up = (db: Knex) =>
  db.raw(`
  create index customer_accounts_customer on customer_accounts (customer_id);
  create index customer_accounts_tied_at on customer_accounts (tied_at);
  create index customer_accounts_ended_at on customer_accounts (ended_at) where ended_at is not null;
  create index evidence_customer on evidence (customer_id) where customer_id is not null;
  create index reviews_customer on reviews (customer_id) where customer_id is not null;
  create index reviews_contact on reviews (external_userid) where external_userid is not null;
  create index reviews_open on reviews (id) where closed_at is null;
  create index temp_bindings_waiting on temp_bindings (phone_hmac, id) where status = 'waiting';
  create index reviews_number on reviews (phone_hmac) where phone_hmac is not null;
`)
