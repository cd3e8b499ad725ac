import type { Facts } from '../lib/facts.ts'
import type { TieRefusal } from './ties/tie.rules.ts'

type Chat = { externalUserId: string; openKfId: string }
/** What an event lets be sent once in a chat in which the bot may not write; `until`: the platform forgets it then. */
export type EventCode = { code: string; until: Date }
export type BindingEnd = 'bound' | 'not_me' | 'withdrawn' | 'opened_by_other' | TieRefusal

/** The account itself, in its app; the contact, in its chat; or an admin. */
export type UnboundBy = 'customer' | 'contact' | 'admin'

/** What rooms tell each other, in the transaction that makes it true (house.md, manner 3). Past tense. */
export type Fact =
  | { fact: 'account.phone-stated'; accountId: number }
  /** The first claim of a phone; a rival's makes no task for staff. */
  | { fact: 'binding.phone-claimed'; claimId: number }
  | {
      fact: 'customer.bound'
      customerId: number
      accountId: number
      externalUserId: string
      tieId: number
    }
  | { fact: 'customer.phone-proven'; customerId: number; externalUserId: string }
  | {
      fact: 'customer.unbound'
      customerId: number
      externalUserId: string
      sourceId: string
      by: UnboundBy
    }
  /** WeChat says of an account and a contact that they are two people. */
  | { fact: 'customer.unionids-differed'; accountId: number; externalUserId: string }
  /** Staff are asked whose a number is now. */
  | { fact: 'number.asked'; reviewId: number }
  /** A number that is noted at this contact was given up by whoever had it. */
  | { fact: 'number.free'; externalUserId: string }
  /** A look at a member found that he has left the company or is disabled; told again by every later look. */
  | { fact: 'member.left'; userId: string }
  /** A load names a member as responsible whose name nobody knows yet; customers would read it. */
  | { fact: 'project.staffed'; userId: string }
  /** A load moved an order that is not hidden; `stage`: how far it has come, as customers are told (`toMilestone`). */
  | { fact: 'project.stage-changed'; projectId: string; stage: string }
  /** No message of ours reaches a customer: a member must tell him. */
  | { fact: 'customer.not-reached'; noticeId: number }
  /** No subscribe message reaches an advisor who must hear of something: he is told as a member of WeCom. */
  | { fact: 'advisor.not-reached'; noticeId: number }
  /** An advisor is to be told what a customer did; not of what is repeated within the quiet time, nor of his own. */
  | { fact: 'advisor.called'; actionId: string }
  /** A booking is at another state; `moveId`: which step. Who moved it knows; the other side is to be told. */
  | { fact: 'booking.moved'; bookingId: string; moveId: number }
  | ({ fact: 'binding.ended'; pendingId: string; end: BindingEnd } & Chat)
  /** Fields of the settings have other values now; which. */
  | { fact: 'settings.changed'; keys: string[] }

export type Publish = Pick<Facts<Fact>, 'publish'>
