import { ofOperation, ofOrder, ofRequest } from './whose.store.ts'

/**
 * Texts that may mention anybody: searched as a whole for what only he is called by. In rows that are surely `about` him his
 * names go as well.
 */
export type Mentions = { table: string; key: string; texts: string; about: string }
const ofNobody = 'false'
export const MENTIONS: readonly Mentions[] = [
  { table: 'advisors', key: 'id', texts: 'title summary resume', about: ofNobody },
  { table: 'binding_history', key: 'id', texts: 'detail', about: ofNobody },
  { table: 'bookings', key: 'id', texts: 'customer_name service note', about: ofNobody },
  { table: 'customeractions', key: 'id', texts: 'customer_name', about: ofNobody },
  { table: 'evidence', key: 'id', texts: 'reason revoked_reason', about: ofNobody },
  { table: 'leads', key: 'id', texts: 'name note', about: ofNobody },
  { table: 'number_answers', key: 'id', texts: 'reason', about: ofNobody },
  {
    table: 'operation_log',
    key: 'id',
    texts: 'target_id before after reason operation_detail',
    about: `${ofOperation} or (target_type = 'project' and target_id = any(:orderNos::text[]))
      or concat(before::text, after::text) ~ :calledInLog`,
  },
  {
    table: 'project_equipment',
    key: 'project_id position',
    texts: 'name model serial_no',
    about: ofOrder,
  },
  { table: 'project_stages', key: 'project_id position', texts: 'name note', about: ofOrder },
  {
    table: 'projects',
    key: 'id',
    texts: 'title status stage address order_info hidden_reason',
    about: 'id = any(:orders::uuid[])',
  },
  { table: 'reconciliations', key: 'id', texts: 'report', about: ofNobody },
  { table: 'reviews', key: 'id', texts: 'detail answer close_reason', about: ofNobody },
  { table: 'rights_requests', key: 'id', texts: 'reason', about: ofRequest },
]

/** Tables without rows about customers, and all their columns. */
export const IMPERSONAL: Readonly<Record<string, string>> = {
  access_tokens: 'key_hash token fetched_at expires_at',
  advisor_invitations: 'token_hash advisor_id issued_by issued_at expires_at used_at ended_at',
  admin_keys: 'id name key_hash scope created_at expires_at revoked_at created_by last_used_at',
  // Payloads name contacts for 30 days: an erasure empties them (`MENTIONS`).
  callback_inbox: 'id payload_hash source payload received_at drained_at set_aside',
  clock_doubts: 'only_row door doubted_at off_seconds',
  code_alarms: 'id reason began_at ends_at',
  configuration_alarms: 'kind raised_at ended_at',
  cron_fires: 'name slot fired_at',
  // Who was erased: numbers and keyed hashes.
  erasure_marks: 'kind hmac erased_at returned_at',
  erasures: 'id customer_id erased_at erased_by counts',
  import_rows: 'import_id line order_no cells outcome state named reason',
  // Files of orders name customers until they are loaded, and for seven days where they are not: an erasure empties these rows.
  imports:
    'id format mode dry_run state header rows operator request_id created_at started_at finished_at',
  installation: 'id kind secret_fingerprint created_at',
  kf_cursors: 'open_kfid cursor updated_at served_by_people_at',
  knex_migrations: 'id name batch migration_time',
  knex_migrations_lock: 'index is_locked',
  // Jobs that wait name contacts: an erasure deletes them.
  lane_jobs:
    'id lane name payload key run_at attempts max_attempts locked_at locked_by last_error created_at',
  // What WeChat refused of our own settings.
  notice_alarms: 'kind raised_at ended_at',
  member_failures: 'userid failed_at',
  member_roles: 'userid role given_at given_by',
  members: 'userid name standing checked_at',
  platform_media: 'name media_id uploaded_at',
  question_notices: 'userid day told_at',
  // What a pull could not take over names contacts (`MENTIONS`).
  reconciliations: 'id started_at finished_at complete report',
  settings: 'key value updated_at updated_by',
  staff_sessions: 'token_hash userid created_at expires_at',
}
