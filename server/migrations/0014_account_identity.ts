import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  alter table accounts add column identity_checked_at timestamptz;
  update accounts set identity_checked_at = signed_in_at where app = 'miniprogram';
  comment on column accounts.identity_checked_at is 'last look-up of the unionid that succeeded; null: never, so an empty unionid must not be read as absent (D15)';
`)
