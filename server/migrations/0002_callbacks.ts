import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  create table callback_inbox (
    id bigint generated always as identity primary key,
    payload_hash bytea not null constraint callback_inbox_payload_hash_key unique,
    source text not null,
    payload text not null,
    received_at timestamptz not null default now(),
    drained_at timestamptz
  );
  create index callback_inbox_waiting on callback_inbox (id) where drained_at is null;
  comment on table callback_inbox is 'Writer: callbacks. Every verified platform callback, once (platform-facts 1.6); kept 30 days.';
  comment on column callback_inbox.payload_hash is 'sha256 of the decrypted payload: identical on the retries of the platform, different for different events';
`)
