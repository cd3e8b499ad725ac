import type { JssdkSignature, PhoneMissing, WaitingCustomer } from '../../../shared/api/staff.ts'
import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import { randomToken } from '../../lib/secrets.ts'
import type { Wecom } from '../../outside/wecom/wecom.ts'
import type { Audit } from '../audit/audit.ts'
import { findUnnoted, isOwnPage, toHint } from './staff.rules.ts'
import * as store from './staff.store.ts'

type Deps = {
  db: Db
  audit: Pick<Audit, 'record'>
  jssdk: Wecom['jssdk']
  corpId: string
  agentId: number
  baseUrl: string | null
  clock: () => Date
}

/** What members see on their H5 pages: who waits to be added, and whose phone is still missing. */
export function createStaff(deps: Deps) {
  return {
    /** Customers who left a phone and are not added yet, one per phone, longest waiting first; phones masked. */
    listWaiting: async (): Promise<WaitingCustomer[]> => (await store.pageWaiting(deps.db, deps.clock())).map(toWaiting),
    /** The full phone of one of them, written down in the operation log; null when he waits no more. */
    reveal: (claimId: number, by: { userId: string; requestId: string }) => reveal(deps, claimId, by),
    /** Contacts of this member whose phone is not noted, or not clear. */
    listPhonesMissing: (userId: string) => listPhonesMissing(deps, userId),
    /** Signatures for the JS-SDK on a page of ours; null for any other page. */
    signPage: (url: string) => signPage(deps, url),
  }
}
export type Staff = ReturnType<typeof createStaff>

const toWaiting = ({ id, phone, name, contested, since, expiresAt }: store.Waiting): WaitingCustomer =>
  ({ id, phoneMasked: maskPhone(phone), contested, since: since.toISOString(), expiresAt: expiresAt.toISOString(), ...(name !== null && { name }) })

async function reveal(deps: Deps, claimId: number, { userId, requestId }: { userId: string; requestId: string }): Promise<string | null> {
  return deps.db.transaction(async (db) => {
    const now = deps.clock()
    const found = await store.findWaitingPhone(db, claimId, now)
    if (!found) return null
    await deps.audit.record(db, {
      operator: userId, operation: 'claim.phone_revealed', target: { type: 'claim', id: String(claimId) }, before: null, after: { phone: found.phone }, requestId, now,
    })
    return found.phone
  })
}

async function listPhonesMissing({ db }: Deps, userId: string): Promise<PhoneMissing[]> {
  const unnoted = findUnnoted(await store.pagePhoneSearches(db, userId)).map(({ name, followedAt }) => ({ kind: 'no_phone', name, at: followedAt }))
  const reviews = (await store.pageReviews(db, userId)).map(({ kind, name, openedAt }) => ({ kind, name, at: openedAt }))
  return [...unnoted, ...reviews].map(({ kind, name, at }) => ({ kind, since: at.toISOString(), hint: toHint(kind), ...(name !== null && { name }) }))
}

async function signPage({ jssdk, corpId, agentId, baseUrl, clock }: Deps, url: string): Promise<JssdkSignature | null> {
  if (baseUrl === null || !isOwnPage(url, baseUrl)) return null
  const stamp = { nonceStr: randomToken(128), timestamp: Math.floor(clock().getTime() / 1000), url }
  const [config, agentConfig] = await Promise.all([jssdk.sign('config', stamp), jssdk.sign('agentConfig', stamp)])
  const { nonceStr, timestamp } = stamp
  return { config: { corpId, nonceStr, timestamp, signature: config }, agentConfig: { corpId, agentId, nonceStr, timestamp, signature: agentConfig } }
}
