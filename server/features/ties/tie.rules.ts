/** How the unionids of an account and a contact compare. `unknown`: the look-up has not succeeded yet (D15). */
export type UnionIdMatch = 'equal' | 'different' | 'absent' | 'unknown'

/** The strongest proof that this account and this contact are one person, besides equal unionids. */
export type TieProof = 'none' | 'code' | 'ticket' | 'manual'

export type TieFacts = {
  unionId: UnionIdMatch
  proof: TieProof
  /** A phone of the account that is the proven phone of the contact: given by WeChat (E8), or claimed (E6) by one who opened the welcome card (E4), or claimed and trusted by policy (D1). */
  phone: 'none' | 'button' | 'carded_claim' | 'trusted_claim'
  accountTiedTo: 'nobody' | 'this_contact' | 'another'
  contactTiedTo: 'nobody' | 'another'
  /** The pair was ended by the customer, by 不是我 or by an admin, and nothing new happened since (D4). */
  ended: boolean
}

export type TieRefusal = 'unionid_mismatch' | 'account_taken' | 'contact_taken'
export type TieOutcome =
  | { kind: 'tie' }
  | { kind: 'already' }
  | { kind: 'ask' }
  | { kind: 'wait' }
  | { kind: 'nothing' }
  | { kind: 'refuse'; reason: TieRefusal }
export type TieDecision = { row: TieRow; outcome: TieOutcome }

/**
 * The decision table account - contact (product.md, section 2): read from the top, the first row that fits decides.
 */
const TABLE = {
  'tied already': { fits: (f) => f.accountTiedTo === 'this_contact', outcome: { kind: 'already' } },
  'an admin decided': { fits: (f) => f.proof === 'manual', outcome: { kind: 'tie' } },
  'different unionids': {
    fits: (f) => f.unionId === 'different',
    outcome: { kind: 'refuse', reason: 'unionid_mismatch' },
  },
  'account belongs to another contact': {
    fits: (f) => f.accountTiedTo === 'another' && isActive(f),
    outcome: { kind: 'refuse', reason: 'account_taken' },
  },
  'contact belongs to another account': {
    fits: (f) => f.contactTiedTo === 'another' && isActive(f),
    outcome: { kind: 'refuse', reason: 'contact_taken' },
  },
  'unionid not known yet': { fits: (f) => f.unionId === 'unknown', outcome: { kind: 'wait' } },
  'ended by a person': { fits: (f) => f.ended && f.proof === 'none', outcome: { kind: 'nothing' } },
  'equal unionids': { fits: (f) => f.unionId === 'equal', outcome: { kind: 'tie' } },
  'WeChat gave the phone that was searched': {
    fits: (f) => f.phone === 'button',
    outcome: { kind: 'tie' },
  },
  'the welcome card was opened by one who claims the searched phone': {
    fits: (f) => f.phone === 'carded_claim',
    outcome: { kind: 'tie' },
  },
  'the claimed phone was searched, and claims are trusted': {
    fits: (f) => f.phone === 'trusted_claim',
    outcome: { kind: 'tie' },
  },
  'the issuing account opened the ticket': {
    fits: (f) => f.proof === 'ticket',
    outcome: { kind: 'tie' },
  },
  'code or link without equal unionids': {
    fits: (f) => f.proof === 'code',
    outcome: { kind: 'ask' },
  },
  'nothing ties them': { fits: () => true, outcome: { kind: 'nothing' } },
} as const satisfies Record<string, { fits: (facts: TieFacts) => boolean; outcome: TieOutcome }>
export type TieRow = keyof typeof TABLE

type TyingRow = {
  [Row in TieRow]: (typeof TABLE)[Row]['outcome']['kind'] extends 'tie' ? Row : never
}[TieRow]

const WAYS: Record<TyingRow, string> = {
  'an admin decided': '工作人员手动绑定',
  'equal unionids': '微信确认是同一个微信号',
  'WeChat gave the phone that was searched': '授权的微信手机号与顾问添加的一致',
  'the welcome card was opened by one who claims the searched phone':
    '打开了顾问发的卡片并填写了手机号',
  'the claimed phone was searched, and claims are trusted': '填写的手机号与顾问添加的一致',
  'the issuing account opened the ticket': '点开了聊天里的确认卡片',
}

/** How a tie was made, in words for customers and members. */
export const describeWay = (row: string | null): string =>
  row !== null && Object.hasOwn(WAYS, row) ? WAYS[row as TyingRow] : '完成了绑定'

/** A refusal needs somebody who asked: a code, a ticket, or WeChat saying that both are one person. */
const isActive = (facts: TieFacts): boolean =>
  facts.proof !== 'none' || facts.unionId === 'equal' || facts.phone !== 'none'

export function decideTie(facts: TieFacts): TieDecision {
  const [row, { outcome }] = (Object.entries(TABLE) as [TieRow, (typeof TABLE)[TieRow]][]).find(
    ([, { fits }]) => fits(facts),
  )!
  return { row, outcome }
}

/**
 * null: looked up, and WeChat gave none; undefined: never looked up with success. Where WeCom shows no unionid of the
 * contact, those of the accounts that are tied to it already say who it is: a contact is one WeChat user.
 */
export function matchUnionIds(
  account: string | null | undefined,
  contact: string | null | undefined,
  tied: readonly string[] = [],
): UnionIdMatch {
  if (account === null) return 'absent'
  if (account === undefined) return contact === null && tied.length === 0 ? 'absent' : 'unknown'
  if (contact === undefined) return 'unknown'
  const known = contact === null ? tied : [contact]
  if (known.length === 0) return 'absent'
  return known.every((unionId) => unionId === account) ? 'equal' : 'different'
}
