import type { Knex } from 'knex'

/** People are found by the beginning of their name, as the office or as they themselves write it, and accounts by openid alone. */
export const up = (db: Knex) =>
  db.raw(`
  create index customers_name on customers (lower(name) text_pattern_ops) where name is not null;
  create index contacts_name on contacts (lower(name) text_pattern_ops) where name is not null;
  create index accounts_openid on accounts (openid);
`)
