/** Members of the company who share the customers. */
export const ADVISORS = 100
export const PHONE = `('138' || lpad(i::text, 8, '0'))`
export const CONTACT = `('wmBench' || lpad(i::text, 25, '0'))`

/** The token of the session of customer `number`; the database has its hash. */
export const tokenOf = (number: number): string =>
  `bench-session-${String(number).padStart(10, '0')}`
export const phoneOf = (number: number): string => `138${String(number).padStart(8, '0')}`
/** The id of the order `place` (1 to 3) of customer `number`, as SQL. */
export const PROJECT_ID = `md5('bench-project-' || i || '-' || k)::uuid`

const SECONDS_AGO = `now() - i % 8640000 * interval '1 second'`
const STAGES = `array['量尺', '设计', '生产', '安装', '验收']`

/** What is put into each table, in order; capitals with a colon are explained in fill.ts. */
export const FILLING: readonly (readonly [table: string, sql: string])[] = [
  [
    'members',
    `insert into members (userid, name, standing, checked_at)
     select 'advisor-' || i, '顾问' || i, 'active', now() from generate_series(0, ${ADVISORS - 1}) as i`,
  ],
  [
    'accounts',
    `insert into accounts (id, app, openid, unionid, created_at, signed_in_at, identity_checked_at) overriding system value
     select i, 'miniprogram', 'bench-openid-' || i, 'bench-union-' || i, ${SECONDS_AGO}, now(), now() from :CUSTOMERS`,
  ],
  [
    'contacts',
    `insert into contacts (external_userid, name, type, unionid, identity_checked_at, fetched_at, created_at)
     select :CONTACT, '客户' || i, 1, 'bench-union-' || i, now(), now(), ${SECONDS_AGO} from :CUSTOMERS`,
  ],
  [
    'contact_follows',
    `insert into contact_follows (external_userid, userid, add_way, oper_userid, remark, remark_mobiles, first_mobiles, mobiles_seen_at, followed_at, fetched_at)
     select :CONTACT, :ADVISOR, 2, :ADVISOR, '客户' || i, array[:PHONE], array[:PHONE], ${SECONDS_AGO}, ${SECONDS_AGO}, now() from :CUSTOMERS`,
  ],
  [
    'wework_customer_events',
    `insert into wework_customer_events (id, event_type, external_userid, employee_userid, customer_phone, add_way, followed_at, created_at) overriding system value
     select (i - 1) * 10::bigint + k, case k when 1 then 'add_external_contact' else 'edit_external_contact' end, :CONTACT, :ADVISOR,
       case k when 1 then :PHONE end, case k when 1 then 2 end, case k when 1 then ${SECONDS_AGO} end, ${SECONDS_AGO}
     from :CUSTOMERS, generate_series(1, 10) as k`,
  ],
  [
    'customers',
    `insert into customers (id, name, phone, phone_hmac, wework_userid, wechat_openid, binding_status, bound_at, bound_by, created_at, updated_at) overriding system value
     select i, '客户' || i, :PHONE, :HMAC, :CONTACT, 'bench-openid-' || i, 'bound', ${SECONDS_AGO}, :ADVISOR, ${SECONDS_AGO}, now() from :CUSTOMERS`,
  ],
  [
    'evidence: phone searches',
    `insert into evidence (id, kind, external_userid, phone_hmac, phone_masked, member_userid, event_id, observed_at) overriding system value
     select i, 'phone_search', :CONTACT, :HMAC, overlay(:PHONE placing '****' from 4 for 4), :ADVISOR, (i - 1) * 10::bigint + 1, ${SECONDS_AGO} from :CUSTOMERS`,
  ],
  [
    'evidence: codes',
    `insert into evidence (id, kind, account_id, external_userid, source_id, observed_at, valid_until) overriding system value
     select :N + i, 'kf_code', i, :CONTACT, 'bench-' || i, ${SECONDS_AGO}, ${SECONDS_AGO} from :CUSTOMERS`,
  ],
  [
    'customer_accounts',
    `insert into customer_accounts (id, customer_id, account_id, app, external_userid, evidence_id, tied_at, told_in_chat, tied_by) overriding system value
     select i, i, i, 'miniprogram', :CONTACT, :N + i, ${SECONDS_AGO}, true, 'bench' from :CUSTOMERS`,
  ],
  [
    'binding_history',
    `insert into binding_history (at, account_id, external_userid, customer_id, decision, outcome, actor)
     select ${SECONDS_AGO}, i, :CONTACT, i, 'bench', 'tie', 'decision table' from :CUSTOMERS`,
  ],
  [
    'sessions',
    `insert into sessions (token_hash, account_id, expires_at)
     select sha256(convert_to('bench-session-' || lpad(i::text, 10, '0'), 'UTF8')), i, now() + interval '10 years' from :CUSTOMERS`,
  ],
  [
    'bind_codes',
    `insert into bind_codes (id, account_id, code_hmac, digits, nonce_hash, issued_at, expires_at, status, ended_at) overriding system value
     select i, i, sha256(convert_to('code-' || i, 'UTF8')), 6, sha256(convert_to('nonce-' || i, 'UTF8')), ${SECONDS_AGO}, ${SECONDS_AGO}, 'used', ${SECONDS_AGO} from :CUSTOMERS`,
  ],
  [
    'pending_bindings',
    `insert into pending_bindings (id, account_id, external_userid, open_kfid, via, bind_code_id, source_id, state, created_at, expires_at, decided_at)
     select md5('bench-pending-' || i)::uuid, i, :CONTACT, 'wkBench', 'kf_code', i, 'bench-' || i, 'bound', ${SECONDS_AGO}, ${SECONDS_AGO}, ${SECONDS_AGO} from :CUSTOMERS`,
  ],
  [
    'kf_messages',
    `insert into kf_messages (open_kfid, msgid, external_userid, origin, intent, sent_at, received_at, handled_at, outcome)
     select 'wkBench', 'bench-' || i, :CONTACT, 'customer', '{"kind":"code","hash":""}', ${SECONDS_AGO}, now(), now(), 'claimed' from :CUSTOMERS`,
  ],
  [
    'callback_inbox',
    `insert into callback_inbox (payload_hash, source, payload, received_at, drained_at)
     select sha256(convert_to('bench-' || i, 'UTF8')), 'wecom', '<xml>' || repeat('x', 300) || i || '</xml>', now(), now() from :CUSTOMERS`,
  ],
  [
    'projects',
    `insert into projects (id, order_no, title, status, stage, address, content_hash, created_at, updated_at, status_stated, status_kind, signed_at, stages_done, stages_total)
     select ${PROJECT_ID}, 'BENCH-' || i || '-' || k, '全屋定制', '进行中', '生产', '测试路 ' || i || ' 号', sha256(convert_to(i || '-' || k, 'UTF8')),
       ${SECONDS_AGO}, ${SECONDS_AGO} + k * interval '1 hour', true, 'running', ${SECONDS_AGO}, 2, 5
     from :CUSTOMERS, generate_series(1, 3) as k`,
  ],
  [
    'project_stages',
    `insert into project_stages (project_id, position, name, status, planned_at, done_at)
     select ${PROJECT_ID}, s, (${STAGES})[s + 1], case when s < 2 then 'done' when s = 2 then 'active' else 'pending' end,
       ${SECONDS_AGO} + s * interval '7 days', case when s < 2 then ${SECONDS_AGO} + s * interval '7 days' end
     from :CUSTOMERS, generate_series(1, 3) as k, generate_series(0, 4) as s`,
  ],
  [
    'project_parties',
    `insert into project_parties (project_id, customer_id, role, phone_hmac, created_at, name, state, strength, name_then, decided_row, decided_at, shown, shown_row)
     select ${PROJECT_ID}, i, 'owner', :HMAC, ${SECONDS_AGO}, '客户' || i, 'attached', 'strong', '客户' || i, 'bench', ${SECONDS_AGO}, true, 'bench'
     from :CUSTOMERS, generate_series(1, 3) as k`,
  ],
]

/** Tables whose ids were given: what comes later goes on behind them. */
export const SEQUENCES = [
  'accounts',
  'wework_customer_events',
  'customers',
  'evidence',
  'customer_accounts',
  'bind_codes',
] as const
