// Accounts of the mini-program and of followers of the 公众号: keeps accounts (openid, unionid as WeChat told them).
// Woken by a sign-in, by `official-account` when it learns of a follower, and by the page that asks where somebody stands.
// Asks `sessions` for a session; tells `ties` in the same transaction what a unionid may prove. No facts of its own.
import { maskPhone } from '../../../shared/phone.ts'
import type { MeAnswer } from '../../../shared/api/sign-in.ts'
import { inTransaction, type Db } from '../../lib/db.ts'
import { gather } from '../../lib/gather.ts'
import type { Weixin } from '../../outside/weixin/weixin.ts'
import type { Binding } from '../binding/binding.ts'
import type { Reasons } from '../reasons/reasons.ts'
import * as store from './accounts.store.ts'
import { toNextStep, toNotice, toStatedPhone } from './accounts.rules.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Ties } from '../ties/ties.ts'

type Deps = {
  db: Db
  /** For what customers ask all day, gathered. */
  reads: Db
  platforms: { login: Weixin['login'] }
  sessions: Pick<Sessions, 'open'>
  ties: Pick<Ties, 'considerAccount' | 'pageNewsFor'>
  binding: Pick<Binding, 'statusOf'>
  reasons: Pick<Reasons, 'tellAccount'>
  /** Where customers reach the customer service; null while nobody knows. */
  support: () => Promise<{ kfUrl: string; corpId: string } | null>
  clock: () => Date
}
export type SignIn =
  | { kind: 'signed_in'; openid: string; sessionToken: string; expiresAt: Date }
  | { kind: 'refused'; reason: 'code_invalid' | 'code_used' | 'blocked' | 'too_fast' }

/** Sign-in by wx.login (R2.18): the openid comes from WeChat alone, the session_key never gets this far. */
export function createAccounts(deps: Deps) {
  const look = gather((accountIds: readonly number[]) => lookAt(deps, accountIds))
  return {
    /** Exchanges a wx.login code for a session. The code is spent whatever comes back: never retried with the same. */
    signIn: (code: string) => signIn(deps, code),
    /** The account of an official-account follower, made when new; the openid comes from a signed message or a service. */
    ensureOfficial: (openid: string) =>
      store.upsertAccount(deps.db, {
        app: 'official',
        openid,
        unionId: undefined,
        now: deps.clock(),
      }),
    /** The unionid of a follower, as user/info gave it (E3): what it proves is decided in the same transaction. */
    learnOfficial: (openid: string, unionId: string | null) =>
      learnOfficial(deps, { openid, unionId }),
    /** Where the signed-in customer stands and what to do next. */
    describe: async (caller: { accountId: number; openid: string }) =>
      describe(deps, { openid: caller.openid, ...(await look(caller.accountId)) }),
  }
}
export type Accounts = ReturnType<typeof createAccounts>

async function signIn(deps: Deps, code: string): Promise<SignIn> {
  const exchanged = await deps.platforms.login.exchangeCode(code)
  if (exchanged.kind === 'refused') return exchanged
  const now = deps.clock()
  const session = await inTransaction(deps, async (tx) => {
    const accountId = await store.upsertAccount(tx.db, {
      app: 'miniprogram',
      openid: exchanged.openid,
      unionId: exchanged.unionid ?? null,
      now,
    })
    await tx.ties.considerAccount(tx.db, { accountId, now })
    await store.notePhoneChangeTold(tx.db, { accountId, now })
    return tx.sessions.open(tx.db, { accountId, now })
  })
  return { kind: 'signed_in', openid: exchanged.openid, ...session }
}

async function learnOfficial(
  deps: Deps,
  follower: { openid: string; unionId: string | null },
): Promise<void> {
  const now = deps.clock()
  await inTransaction(deps, async (tx) => {
    const accountId = await store.updateIdentity(tx.db, { ...follower, now })
    if (accountId !== undefined) await tx.ties.considerAccount(tx.db, { accountId, now })
  })
}

type Look = {
  standing: store.Standing
  news: Awaited<ReturnType<Ties['pageNewsFor']>>[number]
}

async function lookAt(deps: Deps, accountIds: readonly number[]): Promise<Look[]> {
  const [standings, news] = await Promise.all([
    store.pageStandings(deps.reads, { accountIds, now: deps.clock() }),
    deps.ties.pageNewsFor(deps.reads, accountIds),
  ])
  return accountIds.map((id, at) => ({
    standing: standings.find(({ accountId }) => accountId === id)!,
    news: news[at]!,
  }))
}

async function describe(
  deps: Deps,
  { openid, standing, news }: Look & { openid: string },
): Promise<MeAnswer> {
  const isTied = standing.customerId !== null
  const { state, text } = isTied
    ? { state: 'bound' as const, text: undefined }
    : await deps.binding.statusOf(standing.accountId)
  const ended = news.own !== undefined && news.own.endedAt !== null
  const told = await deps.reasons.tellAccount(deps.reads, { ...standing, ended })
  const now = deps.clock()
  const { attemptAt, phoneChangedAt: changedAt, phoneChangeToldAt: toldAt, mayQuery } = standing
  const notice = toNotice({ ...news, attemptAt, phone: { changedAt, toldAt, mayQuery }, now })
  const next = toNextStep({ told, state, stateText: text })
  const claim = toStatedPhone(standing.claim, now)
  const support = await deps.support()
  return {
    openid,
    bindingStatus: standing.bindingStatus,
    canQuery: mayQuery,
    ...(claim && { claim }),
    ...(mayQuery && standing.phone && { phoneMasked: maskPhone(standing.phone) }),
    nextStep: next.step,
    nextStepText: next.text,
    why: told.why,
    ...(standing.advisor && {
      advisor: {
        userid: standing.advisor,
        ...(standing.advisorName !== null && { name: standing.advisorName }),
        ...(standing.advisorId !== null && { advisorId: standing.advisorId }),
      },
    }),
    ...(notice && { notice }),
    ...(support && { support }),
  }
}
