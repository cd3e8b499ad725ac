import type { TieRefusal } from './customers/tie.rules.ts'

type Chat = { externalUserId: string; openKfId: string }
export type BindingEnd = 'bound' | 'not_me' | 'opened_by_other' | TieRefusal

/** What rooms tell each other, in the transaction that makes it true (house.md, manner 3). Past tense. */
export type Fact =
  | { fact: 'customer.bound'; customerId: number; accountId: number; externalUserId: string }
  | { fact: 'binding.claimed'; pendingId: string; externalUserId: string }
  | { fact: 'binding.code-missed'; sourceId: string; pausedUntil: string | null } & Chat
  | { fact: 'binding.confirmation-asked'; pendingId: string; ticketId: string } & Chat
  | { fact: 'binding.ended'; pendingId: string; end: BindingEnd } & Chat
