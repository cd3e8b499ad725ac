import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  create table bind_codes (
    id bigint generated always as identity primary key,
    account_id bigint not null references accounts (id),
    code_hmac bytea not null,
    digits smallint not null,
    nonce_hash bytea not null constraint bind_codes_nonce_hash_key unique,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    status text not null default 'live'
      constraint bind_codes_status check (status in ('live', 'used', 'superseded', 'expired')),
    ended_at timestamptz
  );
  create unique index bind_codes_live_code_key on bind_codes (code_hmac) where status = 'live';
  create index bind_codes_code on bind_codes (code_hmac, expires_at);
  create index bind_codes_account on bind_codes (account_id, issued_at);
  create index bind_codes_live_expiry on bind_codes (expires_at) where status = 'live';
  comment on table bind_codes is 'Writer: binding. Bind codes (HMAC) and the one-time nonce of the bind link issued with each.';

  create table pending_bindings (
    id uuid primary key,
    account_id bigint not null references accounts (id),
    external_userid text not null,
    open_kfid text not null,
    via text not null constraint pending_bindings_via check (via in ('kf_code', 'kf_link', 'ticket')),
    bind_code_id bigint constraint pending_bindings_bind_code_id_key unique references bind_codes (id),
    source_id text not null,
    welcome_code text,
    state text not null default 'open'
      constraint pending_bindings_state check (state in ('open', 'bound', 'refused', 'expired', 'superseded')),
    reason text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    decided_at timestamptz
  );
  create unique index pending_bindings_one_per_account on pending_bindings (account_id) where state = 'open';
  create unique index pending_bindings_one_per_contact on pending_bindings (external_userid) where state = 'open';
  create index pending_bindings_account on pending_bindings (account_id, created_at);
  comment on table pending_bindings is 'Writer: binding. A code or link that a contact has used, until the tap, a refusal or the end of its 10 minutes.';

  create table tickets (
    id uuid primary key,
    token_hash bytea not null constraint tickets_token_hash_key unique,
    kind text not null constraint tickets_kind check (kind in ('kf', 'welcome')),
    pending_id uuid references pending_bindings (id),
    external_userid text not null,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    used_by bigint references accounts (id),
    outcome text
  );
  create index tickets_pending on tickets (pending_id);
  comment on table tickets is 'Writer: binding. One-time tickets sent to one contact''s chat; the token is derived from the id, only its hash is kept.';
`)
