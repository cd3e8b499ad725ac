import type { Knex } from 'knex'

/** What was set aside is looked for among many that were not; events are read of one contact, the newest first. */
export const up = (db: Knex) =>
  db.raw(`
  create index callback_inbox_set_aside on callback_inbox (id) where set_aside is not null;
  create index wework_events_of_contact on wework_customer_events (external_userid, id);
`)
