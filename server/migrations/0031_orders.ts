import type { Knex } from 'knex'

/** Orders are listed by their last change, and found by the beginning of their number or title. */
export const up = (db: Knex) =>
  db.raw(`
  create index projects_updated on projects (updated_at desc, id desc);
  create index projects_number_begins on projects (upper(order_no) text_pattern_ops);
  create index projects_title_begins on projects (upper(title) text_pattern_ops);
`)
