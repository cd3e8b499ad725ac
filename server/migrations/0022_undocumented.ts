import type { Knex } from 'knex'

export const up = (db: Knex) => db.raw(`
  alter table pending_bindings add column welcome_until timestamptz;
  comment on column pending_bindings.welcome_until is 'until when welcome_code is good (20 s after the customer came in); null: an old process wrote it';
  alter table kf_cursors add column served_by_people_at timestamptz;
  comment on column kf_cursors.served_by_people_at is 'when last a customer''s first word was found in the hands of a servicer: the bot cannot answer there';
`)
