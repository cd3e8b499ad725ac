import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  create table admin_keys (
    id bigint generated always as identity primary key,
    name text not null,
    key_hash bytea not null constraint admin_keys_key_hash_key unique,
    scope text not null constraint admin_keys_scope check (scope in ('admin', 'service')),
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz
  );
  comment on table admin_keys is 'Writer: access. Only hashes of admin and service keys.';

  create table operation_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    operator_userid text not null,
    operation text not null,
    target_type text not null,
    target_id text not null,
    before jsonb,
    after jsonb,
    reason text,
    operation_detail text,
    request_id text
  );
  create index operation_log_target on operation_log (target_type, target_id, id);
  comment on table operation_log is 'Writer: audit. Everything an admin or staff member changed: who, what, before, after, why (R0.63). Phones masked.';
`)
