import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  create table staff_sessions (
    token_hash bytea primary key,
    userid text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
  );
  create index staff_sessions_expires_at on staff_sessions (expires_at);
  comment on table staff_sessions is 'Writer: staff. Members signed in to the H5 pages; only hashes of the cookies, 12 hours, deleted when ended.';

  create table staff_notices (
    claim_id bigint constraint staff_notices_pkey primary key references temp_bindings (id) on delete cascade,
    told_at timestamptz not null
  );
  comment on table staff_notices is 'Writer: staff. Claims that staff were told about: at most once each.';
`)
