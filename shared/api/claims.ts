import * as v from 'valibot'
import { InstantOut } from './envelope.ts'
import { PhoneIn } from './projects.ts'

export const ClaimBody = v.object({
  phoneNumber: PhoneIn,
  /** Only with a service key: the official-account openid that states the phone. */
  wechatOpenid: v.optional(v.pipe(v.string(), v.regex(/^[\w-]{6,64}$/, 'openid 格式不正确'))),
})
export const ClaimAnswer = v.object({ tempBindingId: v.number(), expiresAt: InstantOut })

export const PhoneButtonBody = v.object({
  code: v.pipe(v.string(), v.nonEmpty('缺少手机号授权码'), v.maxLength(128)),
})
export const PhoneButtonAnswer = v.object({ taken: v.boolean() })

export const PhonePath = v.object({ phone: PhoneIn })
export const PhoneStatusAnswer = v.object({
  status: v.picklist(['bound', 'pending', 'expired', 'not_found']),
  message: v.string(),
  createdAt: v.optional(InstantOut),
  expiresAt: v.optional(InstantOut),
  boundAt: v.optional(InstantOut),
})
export type PhoneStatusAnswer = v.InferOutput<typeof PhoneStatusAnswer>
export const CanQueryAnswer = v.object({ canQuery: v.boolean(), message: v.string() })
export const UnboundAnswer = v.object({ unbound: v.boolean() })
