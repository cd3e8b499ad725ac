import type { PhoneStatusAnswer } from '../../../shared/api/claims.ts'
import { normalisePhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { Log } from '../../lib/log.ts'
import { sha256 } from '../../lib/secrets.ts'
import type { Weixin } from '../../outside/weixin/weixin.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Customers } from '../customers/customers.ts'
import type { Publish } from '../facts.ts'
import { CLAIM, findClaimWait, toPhoneStatus } from './claims.rules.ts'
import * as store from './claims.store.ts'

type Deps = {
  db: Db
  customers: Pick<Customers, 'lock' | 'hashPhone' | 'recordPhone' | 'restatePhone' | 'endClaims'>
  facts: Publish
  platforms: Pick<Weixin, 'phone'>
  /** BINDING_PHONE_BUTTON. */
  phoneButton: boolean
  accounts: Pick<Accounts, 'ensureOfficial'>
  clock: () => Date
  log: Log
}
export type Claimed =
  { kind: 'claimed'; id: number; expiresAt: Date } | { kind: 'too_soon'; waitMs: number }
/** Who asks: an account about its own phones, or an admin about any. */
type Asker = { accountId: number } | 'admin'

/** Phones that accounts say are theirs (E6): a hint that makes staff look, never proof of anything. */
export function createClaims(deps: Deps) {
  return {
    /** An account states its phone. Whoever else states it gets the same answer; both are then contested. */
    claim: (account: { id: number; openid: string }, phone: string) => claim(deps, account, phone),
    /** The same for a follower of the official account, told by a service that speaks for it. */
    claimFor: async (officialOpenid: string, phone: string) =>
      claim(
        deps,
        { id: await deps.accounts.ensureOfficial(officialOpenid), openid: officialOpenid },
        phone,
      ),
    /** The phone that WeChat itself has for the account (E8); costs money, so it can be switched off. */
    takeButton: (account: { id: number; openid: string }, code: string) =>
      takeButton(deps, account, code),
    /** R0.52. A phone that is not the asker's is null, whatever is known about it (D16). */
    statusOf: (asker: Asker, phone: string) => statusOf(deps, asker, phone),
    /** R0.53. */
    mayQuery: (asker: Asker, phone: string) => mayQuery(deps, asker, phone),
    /** The phone of a customer was proven: his own claims for it have come true. */
    settle: (customerId: number) => store.bindClaims(deps.db, customerId, deps.clock()),
    /** Ends claims after 48 hours; answers how many (R0.47). */
    expire: async (): Promise<number> => {
      const count = await deps.db.transaction((db) => expire(deps, db))
      deps.log.info({ count }, `定时清理过期临时绑定: ${String(count)}条`)
      return count
    },
  }
}
export type Claims = ReturnType<typeof createClaims>

/** A claim that ended is no evidence (D26): both end in one transaction. */
async function expire(deps: Deps, db: Db): Promise<number> {
  const now = deps.clock()
  const ended = await store.expireClaims(db, now)
  await deps.customers.endClaims(db, { claimIds: ended, reason: 'the claim expired', now })
  return ended.length
}

async function claim(
  deps: Deps,
  account: { id: number; openid: string },
  phone: string,
): Promise<Claimed> {
  const now = deps.clock()
  const phoneHmac = deps.customers.hashPhone(phone)
  return deps.db.transaction(async (db) => {
    await deps.customers.lock(db, { accountIds: [account.id], externalUserIds: [] })
    await store.lockPhone(db, phoneHmac)
    const own = await store.findOwnWaiting(db, account.id, phoneHmac, now)
    if (own) {
      await deps.customers.restatePhone(db, { sourceId: String(own.id), now })
      await deps.facts.publish(db, [{ fact: 'account.phone-stated', accountId: account.id }])
      return { kind: 'claimed', id: own.id, expiresAt: own.expiresAt }
    }
    const waitMs = findClaimWait(
      await store.pageClaimTimes(db, account.id, new Date(now.getTime() - CLAIM.dayMs)),
      now,
    )
    if (waitMs > 0) return { kind: 'too_soon', waitMs }
    const replaced = await store.expireInTheWay(db, { accountId: account.id, phoneHmac, now })
    await deps.customers.endClaims(db, {
      claimIds: replaced,
      reason: 'another claim took its place',
      now,
    })
    const first = await store.findFirstWaiting(db, phoneHmac, now)
    const made = await store.insertClaim(db, {
      accountId: account.id,
      openid: account.openid,
      phone,
      phoneHmac,
      rivalOf: first?.id ?? null,
      now,
      expiresAt: new Date(now.getTime() + CLAIM.lifeMs),
    })
    await deps.customers.recordPhone(db, {
      kind: 'phone_claim',
      accountId: account.id,
      phone,
      sourceId: String(made.id),
      observedAt: now,
      validUntil: made.expiresAt,
    })
    await deps.facts.publish(db, [{ fact: 'account.phone-stated', accountId: account.id }])
    if (!first) await deps.facts.publish(db, [{ fact: 'binding.phone-claimed', claimId: made.id }])
    return { kind: 'claimed', id: made.id, expiresAt: made.expiresAt }
  })
}

export type Button =
  { kind: 'taken' } | { kind: 'refused'; reason: 'off' | 'code_invalid' | 'foreign_number' }

async function takeButton(
  deps: Deps,
  account: { id: number; openid: string },
  code: string,
): Promise<Button> {
  if (!deps.phoneButton) return { kind: 'refused', reason: 'off' }
  const exchanged = await deps.platforms.phone.exchangeCode(code, account.openid)
  if (exchanged.kind === 'refused') return exchanged
  const phone = normalisePhone(exchanged.phone)
  if (phone === null) return { kind: 'refused', reason: 'foreign_number' }
  const now = deps.clock()
  await deps.db.transaction(async (db) => {
    await deps.customers.recordPhone(db, {
      kind: 'phone_button',
      accountId: account.id,
      phone,
      sourceId: sha256(code).toString('base64url'),
      observedAt: now,
      validUntil: null,
    })
    await deps.facts.publish(db, [{ fact: 'account.phone-stated', accountId: account.id }])
  })
  return { kind: 'taken' }
}

async function statusOf(
  deps: Deps,
  asker: Asker,
  phone: string,
): Promise<PhoneStatusAnswer | null> {
  const phoneHmac = deps.customers.hashPhone(phone)
  const standing =
    (await store.findPhoneStanding(deps.db, phone, asker === 'admin' ? null : asker.accountId)) ??
    null
  const claim =
    (await (asker === 'admin'
      ? store.findAnyClaim(deps.db, phoneHmac)
      : store.findLatestClaim(deps.db, asker.accountId, phoneHmac))) ?? null
  const status = toPhoneStatus({ standing, claim, now: deps.clock() })
  return (
    status ?? (asker === 'admin' ? { status: 'not_found', message: '没有这个手机号的记录' } : null)
  )
}

async function mayQuery(
  deps: Deps,
  asker: Asker,
  phone: string,
): Promise<{ canQuery: boolean; message: string } | null> {
  const standing = await store.findPhoneStanding(
    deps.db,
    phone,
    asker === 'admin' ? null : asker.accountId,
  )
  if (standing?.mayQuery) return { canQuery: true, message: '有查询权限' }
  const status = await statusOf(deps, asker, phone)
  if (status === null) return null
  return {
    canQuery: false,
    message: status.status === 'bound' ? '请先联系销售人员添加您' : status.message,
  }
}
