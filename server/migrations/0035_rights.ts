import type { Knex } from 'knex'

/** A person asks for what is kept of him, or for its end; and what is known of whom nothing is kept any more. */
export const up = (db: Knex) =>
  db.raw(`
  create table rights_requests (
    id bigint generated always as identity primary key,
    account_id bigint references accounts (id) on delete set null,
    customer_id bigint,
    kind text not null constraint rights_requests_kind check (kind in ('export', 'erase')),
    requested_at timestamptz not null,
    closed_at timestamptz,
    closed_by text,
    outcome text constraint rights_requests_outcome check (outcome in ('done', 'declined')),
    reason text,
    constraint rights_requests_closed check ((closed_at is null) = (outcome is null))
  );
  create unique index rights_requests_one_open on rights_requests (account_id, kind) where closed_at is null;
  create index rights_requests_open on rights_requests (id) where closed_at is null;
  create index rights_requests_closed_ones on rights_requests (id) where closed_at is not null;
  create index rights_requests_account on rights_requests (account_id, requested_at);
  comment on table rights_requests is 'Writer: rights. What customers ask for in the mini-program: what is kept of them, or its end.';
  comment on column rights_requests.account_id is 'null: the account was erased';
  comment on column rights_requests.customer_id is 'whose account it was when the request was closed; no row may be left of him';

  create table erasures (
    id bigint generated always as identity primary key,
    customer_id bigint,
    erased_at timestamptz not null,
    erased_by text not null,
    counts jsonb not null
  );
  create index erasures_customer on erasures (customer_id) where customer_id is not null;
  comment on table erasures is 'Writer: erasures. Who was erased, by number alone, and how much: a second time finds it done.';

  create table erasure_marks (
    kind text not null constraint erasure_marks_kind check (kind in ('contact', 'note')),
    hmac bytea not null,
    erased_at timestamptz not null,
    returned_at timestamptz,
    primary key (kind, hmac)
  );
  comment on table erasure_marks is 'Writer: erasures. Keyed hashes of contacts that were erased, and of numbers noted at others: what began before is not stored again.';
  comment on column erasure_marks.returned_at is 'when he came anew by himself: wrote, or was added again';

  create index binding_history_contact on binding_history (external_userid) where external_userid is not null;
  create index evidence_event on evidence (event_id) where event_id is not null;
  create index number_answers_contact on number_answers (external_userid);
  create index official_notices_account on official_notices (account_id) where account_id is not null;
  create index order_claims_account on order_claims (account_id);
  create index pair_endings_contact on pair_endings (external_userid);
  create index pending_bindings_contact on pending_bindings (external_userid);
  create index temp_bindings_rival_of on temp_bindings (rival_of) where rival_of is not null;
  create index tickets_contact on tickets (external_userid);
  create index tickets_used_by on tickets (used_by) where used_by is not null;
`)
