import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  create table installation (
    id boolean primary key default true constraint installation_one_row check (id),
    kind text not null constraint installation_kind check (kind in ('sandbox', 'real')),
    secret_fingerprint text,
    created_at timestamptz not null default now()
  );
  comment on table installation is 'Writer: lib/migrate. Which world this database belongs to; a server of the other world refuses to start.';

  create table access_tokens (
    key_hash text primary key,
    token text not null,
    fetched_at timestamptz not null,
    expires_at timestamptz not null
  );
  comment on table access_tokens is 'Writer: lib/token-store. Platform tokens shared by all processes, keyed by a keyed hash of the secret.';
`)
