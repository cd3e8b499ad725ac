import type { Knex } from 'knex'

/** What the staff desk looks up by: the project of a phone, and how many phones a member has looked at. */
export const up = (db: Knex) => db.raw(`
  create index project_parties_phone on project_parties (phone_hmac);
  create index operation_log_operator on operation_log (operator_userid, operation, at);
`)
