import type { Knex } from 'knex'

/** What rooms may know of each other's tables gets a name; questions to people have a room of their own. */
export const up = (db: Knex) =>
  db.raw(`
  create view live_ties as
    select id, customer_id, account_id, app, external_userid, evidence_id, tied_at, tied_by
    from customer_accounts where ended_at is null;
  comment on view live_ties is 'Which account is tied to which customer now.';

  create view waiting_claims as
    select id, account_id, phone_number, phone_hmac, rival_of, contested_at, created_at, expires_at
    from temp_bindings where status = 'waiting';
  comment on view waiting_claims is 'Phones that accounts say are theirs, neither come true nor given up. Whoever reads compares expires_at with a clock.';

  comment on table reviews is 'Writer: reviews. What a person must look at before it counts (D6, D14, D15).';
`)
