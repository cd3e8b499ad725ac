import { toProgressText } from '../../../shared/progress.ts'
import type { Db } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Official } from '../../outside/weixin/official.ts'
import type { OfficialPush } from '../../outside/weixin/official.push.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Claims } from '../binding/claims.ts'
import type { Callbacks } from '../callbacks/callbacks.ts'
import type { Customers } from '../customers/customers.ts'
import type { Projects } from '../projects/projects.ts'
import { isWorthIdentifying, understand, type Intent, type Outcome } from './official-account.rules.ts'
import * as store from './official-account.store.ts'
import { CLAIMED, GREETING, HELP, NO_PROJECTS, NOT_ADDED, NOT_PROVEN, OWN_PHONE, toTooSoonText } from './official-account.texts.ts'

type Deps = {
  db: Db
  official: Pick<Official, 'userInfo'>
  callbacks: Pick<Callbacks, 'findOutcome' | 'keepOutcome'>
  jobs: Pick<Jobs, 'add'>
  accounts: Pick<Accounts, 'ensureOfficial' | 'learnOfficial'>
  claims: Pick<Claims, 'claim' | 'mayQuery'>
  customers: Pick<Customers, 'standingOf'>
  projects: Pick<Projects, 'listFor'>
  clock: () => Date
  log: Log
}
const SOURCE = 'official'
const SHOWN = 5

/** The counter in the official account: takes phones, tells the progress, answers at once (R0.2, R0.20, R0.70). */
export function createOfficialAccount(deps: Deps) {
  return {
    /**
     * Acts on a push and answers what to reply, or null. WeChat repeats a push whose answer it did not get within 5 s: what was
     * decided is kept, so the repetition gets the same reply, and everything that is done before it is kept may be done twice.
     */
    receive: (push: OfficialPush) => receive(deps, push),
    /** Asks WeChat who a follower is; a failure is tried again, because it does not mean that he has no unionid (D15). */
    identify: (openid: string) => identify(deps, openid),
  }
}
export type OfficialAccount = ReturnType<typeof createOfficialAccount>

async function receive(deps: Deps, push: OfficialPush): Promise<string | null> {
  const intent = understand(push)
  if (intent.kind === 'none') return null
  const known = (await deps.callbacks.findOutcome(SOURCE, push.key)) as Outcome | undefined
  return toReply(deps, known ?? (await decide(deps, push, intent)))
}

async function decide(deps: Deps, { openid, key }: OfficialPush, intent: Intent): Promise<Outcome> {
  const outcome = await act(deps, { id: await deps.accounts.ensureOfficial(openid), openid }, intent)
  const isFirst = await deps.db.transaction(async (db) => {
    const kept = await deps.callbacks.keepOutcome(db, { source: SOURCE, key, outcome, now: deps.clock() })
    if (kept && isWorthIdentifying(outcome) && !(await store.hasUnionId(db, outcome.accountId))) {
      await deps.jobs.add(db, [{ name: 'official.identify', payload: { openid }, key: `official.identify:${openid}` }])
    }
    return kept
  })
  if (!isFirst) return (await deps.callbacks.findOutcome(SOURCE, key)) as Outcome
  deps.log.info({ accountId: outcome.accountId, intent: intent.kind, said: outcome.said }, 'a push of the official account was answered')
  return outcome
}

async function act(deps: Deps, account: { id: number; openid: string }, intent: Intent): Promise<Outcome> {
  const accountId = account.id
  switch (intent.kind) {
    case 'phone': return claim(deps, account, intent.phone)
    case 'progress': return { accountId, said: 'progress' }
    case 'subscribed': return { accountId, said: 'greeting' }
    case 'unclear': return { accountId, said: 'help' }
    case 'unsubscribed':
    case 'none': return { accountId, said: 'nothing' }
  }
}

/** Who may query already needs no salesperson to add him, and staff no task. */
async function claim(deps: Deps, account: { id: number; openid: string }, phone: string): Promise<Outcome> {
  const accountId = account.id
  if ((await deps.claims.mayQuery({ accountId }, phone))?.canQuery) return { accountId, said: 'own_phone' }
  const claimed = await deps.claims.claim(account, phone)
  return claimed.kind === 'claimed' ? { accountId, said: 'claimed' } : { accountId, said: 'too_soon', waitMs: claimed.waitMs }
}

async function toReply(deps: Deps, outcome: Outcome): Promise<string | null> {
  switch (outcome.said) {
    case 'claimed': return CLAIMED
    case 'too_soon': return toTooSoonText(outcome.waitMs)
    case 'own_phone': return OWN_PHONE
    case 'progress': return describeProgress(deps, outcome.accountId)
    case 'greeting': return GREETING
    case 'help': return HELP
    case 'nothing': return null
  }
}

/** Read anew for a repetition too: what somebody may no longer see is not kept for him. */
async function describeProgress(deps: Deps, accountId: number): Promise<string> {
  const page = await deps.projects.listFor(accountId, { limit: SHOWN })
  if (page.kind === 'page') return page.items.length === 0 ? NO_PROJECTS : toProgressText(page.items)
  const isTied = (await deps.customers.standingOf(deps.db, accountId)) !== undefined
  return !isTied && (await store.hasWaitingClaim(deps.db, accountId, deps.clock())) ? NOT_PROVEN : NOT_ADDED
}

async function identify(deps: Deps, openid: string): Promise<void> {
  const user = await deps.official.userInfo(openid)
  if (user.kind === 'refused') return deps.log.warn({ reason: user.reason }, 'WeChat does not tell who follows the official account: nobody is tied there by unionid')
  await deps.accounts.learnOfficial(openid, user.unionid ?? null)
}
