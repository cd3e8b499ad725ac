import * as v from 'valibot'
import { flag, whole } from '../lib/environment.ts'

const userIds = v.pipe(
  v.string(),
  v.transform((text) => text.split(/[\s,|]+/).filter((one) => one !== '')),
  v.array(v.pipe(v.string(), v.regex(/^[\w.@-]{1,64}$/, 'must be userids with commas between'))),
)
const quietHours = v.pipe(
  v.string(),
  v.regex(
    /^(?:off|(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d)$/,
    'must be like 21:00-08:00, or off',
  ),
  v.transform((text) => (text === 'off' ? null : { from: text.slice(0, 5), to: text.slice(6) })),
)

/** What an installation decides for itself. */
export const policyVariables = v.object({
  STAFF_NOTIFY_USERIDS: v.optional(userIds, ''),
  STAFF_QUIET_HOURS: v.optional(quietHours),
  BINDING_TRUST_PHONE_CLAIM: v.optional(flag, 'false'),
  BINDING_PHONE_BUTTON: v.optional(flag, 'false'),
  OFFICIAL_REPLY_LIMIT: v.optional(whole(0, 100), '5'),
})
type Variables = v.InferOutput<typeof policyVariables>

const NIGHT = { from: '21:00', to: '08:00' }

/** Beside a sandbox nobody sleeps, and who tries the product in the evening wants to see the message. */
export const toStaff = (env: Variables, isSandbox: boolean) => ({
  notifyUserIds: env.STAFF_NOTIFY_USERIDS,
  quiet: env.STAFF_QUIET_HOURS === undefined ? (isSandbox ? null : NIGHT) : env.STAFF_QUIET_HOURS,
})

export const toPolicy = (env: Variables) => ({
  trustPhoneClaim: env.BINDING_TRUST_PHONE_CLAIM,
  phoneButton: env.BINDING_PHONE_BUTTON,
  officialReplyLimit: env.OFFICIAL_REPLY_LIMIT,
})
