import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  alter table callback_inbox add column set_aside text;
  comment on column callback_inbox.set_aside is 'why nobody could make anything of it; drained without effect, so that it does not hold up those behind it';
`)
