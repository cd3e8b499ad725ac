// Phones that accounts say are theirs: keeps temp_bindings. A hint that makes staff look, never proof of anything.
// Woken by the page, a service or `official-account` that states a phone, by `customers` when a phone is proven or an
// account tied (its own claims have come true then), and by the clock, which ends claims after 48 hours.
// Tells `account.phone-stated`, and `binding.phone-claimed` for staff when it is the first claim of a phone; what a claim
// is worth as evidence is written, and ended, at `evidence` in the same transaction.
import type { PhoneStatusAnswer } from '../../../shared/api/claims.ts'
import { normalisePhone } from '../../../shared/phone.ts'
import { tellWhy, toSentences } from '../../../shared/why.ts'
import { inTransaction, type Db, type Within } from '../../lib/db.ts'
import type { createFacts } from '../../lib/facts.ts'
import { gather } from '../../lib/gather.ts'
import type { Log } from '../../lib/log.ts'
import { sha256 } from '../../lib/secrets.ts'
import type { Weixin } from '../../outside/weixin/weixin.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Fact } from '../facts.ts'
import type { Reasons } from '../reasons/reasons.ts'
import type { Ties } from '../ties/ties.ts'
import { CLAIM, findClaimWait, toPhoneStatus } from './phone-claims.rules.ts'
import * as store from './phone-claims.store.ts'

type Deps = {
  db: Db
  /** For what customers ask all day, gathered. */
  reads: Db
  ties: Pick<Ties, 'lock'>
  evidence: Pick<Evidence, 'hashPhone' | 'recordPhone' | 'restatePhone' | 'endClaims'>
  facts: ReturnType<typeof createFacts<Fact>>
  platforms: Pick<Weixin, 'phone'>
  /** BINDING_PHONE_BUTTON. */
  phoneButton: boolean
  accounts: Pick<Accounts, 'ensureOfficial'>
  reasons: Pick<Reasons, 'tellAccount' | 'explain'>
  clock: () => Date
  log: Log
}
export type Claimed =
  { kind: 'claimed'; id: number; expiresAt: Date } | { kind: 'too_soon'; waitMs: number }
/** Who asks: an account about its own phones, or an admin about any. */
type Asker = { accountId: number } | 'admin'

type Tx = Within<Deps>
type Stated = { account: { id: number; openid: string }; phone: string }
type Reads = Deps & {
  findPhoneStanding: (question: store.PhoneQuestion) => Promise<store.PhoneStanding | undefined>
}
type Question = { asker: Asker; phone: string }

/** Phones that accounts say are theirs (E6). */
export function createPhoneClaims(deps: Deps) {
  const findPhoneStanding = gather((questions: readonly store.PhoneQuestion[]) =>
    store.pagePhoneStandings(deps.reads, questions),
  )
  const reads: Reads = { ...deps, findPhoneStanding }
  return {
    /** An account states its phone. Whoever else states it gets the same answer; both are then contested. */
    claim: (account: { id: number; openid: string }, phone: string) =>
      claim(deps, { account, phone }),
    /** The same for a follower of the official account, told by a service that speaks for it. */
    claimFor: async (officialOpenid: string, phone: string) => {
      const id = await deps.accounts.ensureOfficial(officialOpenid)
      return claim(deps, { account: { id, openid: officialOpenid }, phone })
    },
    /** The phone that WeChat itself has for the account (E8); costs money, so it can be switched off. */
    takeButton: (account: { id: number; openid: string }, code: string) =>
      takeButton(deps, { account, code }),
    /** R0.52. A phone that is not the asker's is null, whatever is known about it (D16). */
    statusOf: (asker: Asker, phone: string) => statusOf(reads, { asker, phone }),
    /** R0.53. */
    mayQuery: (asker: Asker, phone: string) => mayQuery(reads, { asker, phone }),
    /** The phone of a customer was proven: his own claims for it have come true. */
    settle: (customerId: number) => store.bindClaims(deps.db, { customerId, now: deps.clock() }),
    /** Ends claims after 48 hours; answers how many (R0.47). */
    expire: async (): Promise<number> => {
      const count = await expireAll(deps)
      deps.log.info({ count }, `定时清理过期临时绑定: ${String(count)}条`)
      return count
    },
  }
}
export type PhoneClaims = ReturnType<typeof createPhoneClaims>

/** Short transactions: nobody waits long for one of a million rows. */
const EXPIRED_AT_ONCE = 2_000

async function expireAll(deps: Deps): Promise<number> {
  const now = deps.clock()
  let count = 0
  for (let ended = EXPIRED_AT_ONCE; ended === EXPIRED_AT_ONCE;) {
    ended = await inTransaction(deps, (tx) => expireSome(tx, now))
    count += ended
  }
  return count
}

/** A claim that ended is no evidence (D26): both end in one transaction. */
async function expireSome(tx: Tx, now: Date): Promise<number> {
  const ended = await store.expireClaims(tx.db, { now, limit: EXPIRED_AT_ONCE })
  await tx.evidence.endClaims(tx.db, { claimIds: ended, reason: 'the claim expired', now })
  return ended.length
}

function claim(deps: Deps, { account, phone }: Stated): Promise<Claimed> {
  const now = deps.clock()
  const phoneHmac = deps.evidence.hashPhone(phone)
  return inTransaction(deps, async (tx): Promise<Claimed> => {
    await tx.ties.lock(tx.db, { accountIds: [account.id], externalUserIds: [] })
    await store.lockPhone(tx.db, phoneHmac)
    const own = await store.findOwnWaiting(tx.db, { accountId: account.id, phoneHmac, now })
    if (own) return restate(tx, { accountId: account.id, own, now })
    const since = new Date(now.getTime() - CLAIM.dayMs)
    const claimedAt = await store.pageClaimTimes(tx.db, { accountId: account.id, since })
    const waitMs = findClaimWait(claimedAt, now)
    if (waitMs > 0) return { kind: 'too_soon', waitMs }
    return keepClaim(tx, { account, phone, phoneHmac, now })
  })
}

async function restate(
  tx: Tx,
  { accountId, own, now }: { accountId: number; own: store.Claim; now: Date },
): Promise<Claimed> {
  await tx.evidence.restatePhone(tx.db, { sourceId: String(own.id), now })
  await tx.facts.publish(tx.db, [{ fact: 'account.phone-stated', accountId }])
  return { kind: 'claimed', id: own.id, expiresAt: own.expiresAt }
}

/** An account says one phone at a time: what it said before ends. */
async function keepClaim(
  tx: Tx,
  { account, phone, phoneHmac, now }: Stated & { phoneHmac: Buffer; now: Date },
): Promise<Claimed> {
  const accountId = account.id
  const replaced = await store.expireInTheWay(tx.db, { accountId, phoneHmac, now })
  const reason = 'another claim took its place'
  await tx.evidence.endClaims(tx.db, { claimIds: replaced, reason, now })
  const first = await store.findFirstWaiting(tx.db, { accountId, phoneHmac, now })
  const made = await store.insertClaim(tx.db, {
    accountId,
    openid: account.openid,
    phone,
    phoneHmac,
    rivalOf: first?.id ?? null,
    isContested: first !== undefined && !first.isHis,
    now,
    expiresAt: new Date(now.getTime() + CLAIM.lifeMs),
  })
  await tx.evidence.recordPhone(tx.db, {
    kind: 'phone_claim',
    accountId,
    phone,
    sourceId: String(made.id),
    observedAt: now,
    validUntil: made.expiresAt,
  })
  await tx.facts.publish(tx.db, [{ fact: 'account.phone-stated', accountId }])
  if (!first) await tx.facts.publish(tx.db, [{ fact: 'binding.phone-claimed', claimId: made.id }])
  return { kind: 'claimed', id: made.id, expiresAt: made.expiresAt }
}

export type Button =
  { kind: 'taken' } | { kind: 'refused'; reason: 'off' | 'code_invalid' | 'foreign_number' }

async function takeButton(
  deps: Deps,
  { account, code }: { account: { id: number; openid: string }; code: string },
): Promise<Button> {
  if (!deps.phoneButton) return { kind: 'refused', reason: 'off' }
  const exchanged = await deps.platforms.phone.exchangeCode(code, account.openid)
  if (exchanged.kind === 'refused') return exchanged
  const phone = normalisePhone(exchanged.phone)
  if (phone === null) return { kind: 'refused', reason: 'foreign_number' }
  const now = deps.clock()
  await inTransaction(deps, async (tx) => {
    await tx.evidence.recordPhone(tx.db, {
      kind: 'phone_button',
      accountId: account.id,
      phone,
      sourceId: sha256(code).toString('base64url'),
      observedAt: now,
      validUntil: null,
    })
    await tx.facts.publish(tx.db, [{ fact: 'account.phone-stated', accountId: account.id }])
  })
  return { kind: 'taken' }
}

async function statusOf(
  deps: Reads,
  { asker, phone }: Question,
): Promise<PhoneStatusAnswer | null> {
  const standing = (await findStanding(deps, { asker, phone })) ?? null
  const phoneHmac = deps.evidence.hashPhone(phone)
  const claim =
    (await (asker === 'admin'
      ? store.findAnyClaim(deps.db, phoneHmac)
      : store.findLatestClaim(deps.db, { accountId: asker.accountId, phoneHmac }))) ?? null
  const status = toPhoneStatus({ standing, claim, now: deps.clock() })
  return (
    status ?? (asker === 'admin' ? { status: 'not_found', message: '没有这个手机号的记录' } : null)
  )
}

const findStanding = ({ findPhoneStanding }: Reads, { asker, phone }: Question) =>
  findPhoneStanding({
    phone,
    accountId: asker === 'admin' ? null : asker.accountId,
  })

async function mayQuery(
  deps: Reads,
  question: Question,
): Promise<{ canQuery: boolean; message: string } | null> {
  const standing = await findStanding(deps, question)
  if (standing?.mayQuery) return { canQuery: true, message: '有查询权限' }
  if (standing?.bound)
    return { canQuery: false, message: await tellStuck(deps, question, standing) }
  const status = await statusOf(deps, question)
  return status && { canQuery: false, message: status.message }
}

/** Why somebody who is bound may not query, as his own page says it, or as admins read it. */
async function tellStuck(
  { reasons, reads }: Reads,
  { asker }: Question,
  { customerId }: store.PhoneStanding,
): Promise<string> {
  if (asker !== 'admin') {
    const asked = { customerId, mayQuery: false, sees: false, ended: false }
    return toSentences((await reasons.tellAccount(reads, asked)).why)
  }
  const reason = (await reasons.explain(reads, [customerId])).get(customerId)
  return toSentences(tellWhy(reason?.code ?? 'not_added', 'admin'))
}
