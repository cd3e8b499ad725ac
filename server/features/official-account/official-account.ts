// The 公众号: keeps official_followers (who may be written to) and official_notices (what was said, once each).
// Woken by WeChat's pushes, answered at once or, if that takes too long, by a message later; and by what `customers`
// tells of ties made and ended. States phones to `claims`, learns unionids through `accounts`, reads `projects`;
// keeps what it decided on a push with `callbacks`. Tells no facts of its own.
import type { ProjectQuestion } from '../../../shared/project-texts.ts'
import { toSentences } from '../../../shared/why.ts'
import { inTransaction } from '../../lib/db.ts'
import { sha256 } from '../../lib/secrets.ts'
import { createSingleFlight, type SingleFlight } from '../../lib/single-flight.ts'
import type { OfficialPush } from '../../outside/weixin/official.push.ts'
import type { OfficialAccountDeps } from './official-account.deps.ts'
import { createIdentity, type Identity } from './official-account.identity.ts'
import {
  sayOnce,
  tellBound,
  tellNews,
  type OfficialNews,
  tellTied,
  tellUnbound,
} from './official-account.notices.ts'
import { officialJobs } from './official-account.jobs.ts'
import { isSettledWithin } from './official-account.patience.ts'
import {
  isWorthIdentifying,
  saysMayQuery,
  toSign,
  understand,
  type Intent,
  type Outcome,
} from './official-account.rules.ts'
import * as store from './official-account.store.ts'
import {
  BAD_PHONE,
  CLAIMED,
  GREETING,
  GREETING_BOUND,
  HELP,
  HOW_TO_UNBIND,
  HUMAN,
  NOT_ADDED,
  NOT_PROVEN,
  OWN_PHONE,
  SAY_AGAIN,
  toMiniProgramLink,
  toNotAddedText,
  toTooSoonText,
} from './official-account.texts.ts'

const SOURCE = 'official'
/** WeChat waits 5 s for the reply; what is left is for the way there and back. */
const REPLY_WITHIN_MS = 4_000
const KEPT_MS = 30 * 24 * 3_600_000

/** Takes phones, tells the progress, answers at once (R0.2, R0.20, R0.70). */
export function createOfficialAccount(deps: OfficialAccountDeps) {
  const counter = { ...deps, identity: createIdentity(deps), once: createSingleFlight<Outcome>() }
  return {
    /**
     * Acts on a push and answers what to reply, or null. WeChat repeats a push whose answer it did not get within 5 s: what was
     * decided is kept, so the repetition gets the same reply, and everything that is done before it is kept may be done twice.
     * What takes longer is answered later, by a customer-service message (docs/decisions/late-answers.md).
     */
    receive: (push: OfficialPush) => receive(counter, push),
    /** The answer to a push that took too long, once; it waits for what the push is still being decided to. */
    answerLate: (push: Pushed, isLastTry: boolean) => answerLate(deps, { ...push, isLastTry }),
    /** Tells the follower that he may query now, if that is so. */
    tellBound: (externalUserId: string) => tellBound(deps, externalUserId),
    /** Tells followers of this contact that somebody else's account was tied to it without a word in its chat (D22). */
    tellTied: (tieId: number) => tellTied(deps, tieId),
    /** Tells followers of this contact that their binding has ended. */
    tellUnbound: (externalUserId: string) => tellUnbound(deps, externalUserId),
    /** Says what nobody asked for to a follower of this contact, if WeChat allows it now. */
    tellNews: (news: OfficialNews) => tellNews(deps, news),
    /** Asks WeChat who a follower is; a failure is tried again, because it does not mean that he has no unionid (D15). */
    identify: counter.identity.identify,
    /** Forgets how pushes were answered. */
    tidy: () => store.deleteNoticesBefore(deps.db, new Date(deps.clock().getTime() - KEPT_MS)),
  }
}
export type OfficialAccount = ReturnType<typeof createOfficialAccount>
type Counter = OfficialAccountDeps & { identity: Identity; once: SingleFlight<Outcome> }
type Pushed = Pick<OfficialPush, 'openid' | 'key'>
type Understood = { push: OfficialPush; intent: Intent }
type Account = { id: number; openid: string }

/** The result of a push is not there yet; the job is tried again. */
class NotDecidedYet extends Error {}

async function receive(deps: Counter, push: OfficialPush): Promise<string | null> {
  const intent = understand(push)
  if (intent.kind === 'none') return null
  if (intent.kind === 'unsubscribed' && !(await store.isKnown(deps.db, push.openid))) return null
  const reply = replyTo(deps, { push, intent })
  if (
    deps.replyLimit === 0 ||
    (await isSettledWithin(reply, REPLY_WITHIN_MS)) ||
    !(await postpone(deps, push))
  )
    return reply
  deps.log.warn(
    { intent: intent.kind },
    'a push of the official account takes too long and is answered later',
  )
  // The order is in Postgres already, and looks again by itself; this only saves waiting for that.
  reply
    .then(() => deps.jobs.add(deps.db, [officialJobs.answer.of(push)]))
    .catch((error: unknown) =>
      deps.log.warn({ err: error }, 'a push that is to be answered later failed'),
    )
  return null
}

const subjectOf = (key: string): string => sha256(key).toString('base64url')

/** Orders the answer for later, before WeChat is told `success` and forgets the push; false when it has been given in reply to a repetition. */
const postpone = (deps: OfficialAccountDeps, push: Pushed): Promise<boolean> =>
  inTransaction(deps, async (tx) => {
    const way = await store.claimAnswer(tx.db, {
      subject: subjectOf(push.key),
      way: 'message',
      now: tx.clock(),
    })
    if (way === 'reply') return false
    await tx.jobs.add(tx.db, [officialJobs.answer.of(push)])
    return true
  })

/** null also for what has been promised for later: otherwise it would be said twice. */
async function replyTo(deps: Counter, understood: Understood): Promise<string | null> {
  const { push } = understood
  // A doubled push that looked before the first was decided would decide it again.
  const outcome = await deps.once(
    push.key,
    async () => (await findOutcome(deps, push.key)) ?? (await decide(deps, understood)),
  )
  const text = await toText(deps, outcome)
  if (text === null) return null
  return (await store.claimAnswer(deps.db, {
    subject: subjectOf(push.key),
    way: 'reply',
    now: deps.clock(),
  })) === 'reply'
    ? text
    : null
}

async function answerLate(
  deps: OfficialAccountDeps,
  { openid, key, isLastTry }: Pushed & { isLastTry: boolean },
): Promise<void> {
  const outcome = await findOutcome(deps, key)
  if (!outcome && !isLastTry) throw new NotDecidedYet('the push is still being decided')
  const text = outcome ? await toText(deps, outcome) : SAY_AGAIN
  const accountId = outcome?.accountId ?? (await deps.accounts.ensureOfficial(openid))
  if (text !== null)
    await sayOnce(deps, { kind: 'answer', subject: subjectOf(key), accountId, openid, text })
}

const findOutcome = async (
  { callbacks }: OfficialAccountDeps,
  key: string,
): Promise<Outcome | undefined> => (await callbacks.findOutcome(SOURCE, key)) as Outcome | undefined

async function decide(deps: Counter, { push, intent }: Understood): Promise<Outcome> {
  const { openid, key } = push
  const accountId = await deps.accounts.ensureOfficial(openid)
  const isIdentified =
    isWorthIdentifying(intent) && (await identifyFirst(deps, { push, accountId }))
  const outcome = await act(deps, { account: { id: accountId, openid }, intent })
  const sign = toSign(push)
  const isFirst = await inTransaction(deps, async (tx) => {
    const now = tx.clock()
    if (!(await tx.callbacks.keepOutcome(tx.db, { source: SOURCE, key, outcome, now })))
      return false
    if (sign !== null) await store.upsertSign(tx.db, { accountId, sign, now })
    if (saysMayQuery(outcome)) await store.takeBoundNotices(tx.db, { accountId, now })
    if (isWorthIdentifying(intent) && !isIdentified && !(await store.hasUnionId(tx.db, accountId)))
      await tx.jobs.add(tx.db, [officialJobs.identify.of({ openid })])
    return true
  })
  if (!isFirst) return (await findOutcome(deps, key))!
  deps.log.info(
    { accountId, intent: intent.kind, said: outcome.said },
    'a push of the official account was answered',
  )
  return outcome
}

/**
 * Whom nobody has looked up yet may be a customer who is bound elsewhere: the first answer should know it. Who does not follow has
 * no unionid to show, so a subscription is looked up again.
 */
async function identifyFirst(
  deps: Counter,
  { push: { openid, key, kind }, accountId }: { push: OfficialPush; accountId: number },
): Promise<boolean> {
  const isUnknown = () => store.isUnidentified(deps.db, { accountId, again: kind === 'subscribed' })
  if (!(await isUnknown())) return false
  await store.insertAnswering(deps.db, { subject: subjectOf(key), accountId, now: deps.clock() })
  return deps.identity.identifyNow(openid, isUnknown)
}

async function act(
  deps: OfficialAccountDeps,
  { account, intent }: { account: Account; intent: Intent },
): Promise<Outcome> {
  const accountId = account.id
  switch (intent.kind) {
    case 'phone':
      return claim(deps, { account, phone: intent.phone })
    case 'progress':
      return { accountId, said: 'progress', ...(intent.about && { about: intent.about }) }
    case 'subscribed':
      return {
        accountId,
        said: (await deps.ties.standingOf(deps.db, accountId))?.mayQuery
          ? 'greeting_bound'
          : 'greeting',
      }
    case 'bad_phone':
    case 'unbind':
    case 'human':
      return { accountId, said: intent.kind }
    case 'unclear':
      return { accountId, said: 'help' }
    case 'unsubscribed':
    case 'none':
      return { accountId, said: 'nothing' }
  }
}

/** Who may query already needs no salesperson to add him, and staff no task. */
async function claim(
  deps: OfficialAccountDeps,
  { account, phone }: { account: Account; phone: string },
): Promise<Outcome> {
  const accountId = account.id
  if ((await deps.claims.mayQuery({ accountId }, phone))?.canQuery)
    return { accountId, said: 'own_phone' }
  const claimed = await deps.claims.claim(account, phone)
  return claimed.kind === 'claimed'
    ? { accountId, said: 'claimed' }
    : { accountId, said: 'too_soon', waitMs: claimed.waitMs }
}

async function toText(deps: OfficialAccountDeps, outcome: Outcome): Promise<string | null> {
  switch (outcome.said) {
    case 'claimed':
      return CLAIMED
    case 'too_soon':
      return toTooSoonText(outcome.waitMs)
    case 'own_phone':
      return OWN_PHONE
    case 'progress':
      return describeProjects(deps, outcome)
    case 'greeting':
      return GREETING
    case 'greeting_bound':
      return GREETING_BOUND
    case 'bad_phone':
      return BAD_PHONE
    case 'unbind':
      return HOW_TO_UNBIND
    case 'human':
      return HUMAN
    case 'help':
      return HELP
    case 'nothing':
      return null
  }
}

const PAGE = { page: 'pages/projects/projects', text: '打开小程序查看详情' }

/** Read anew for a repetition too: what somebody may no longer see is not kept for him. */
async function describeProjects(
  deps: OfficialAccountDeps,
  { accountId, about = 'progress' }: { accountId: number; about?: ProjectQuestion },
): Promise<string> {
  const tail = toMiniProgramLink({ appId: deps.miniAppId, ...PAGE })
  const seen = await deps.projects.tellFor(accountId, { about, tail })
  if (seen !== null) return seen
  const tied = await deps.ties.standingOf(deps.db, accountId)
  if (tied) return describeStuck(deps, tied)
  return (await store.hasWaitingClaim(deps.db, { accountId, now: deps.clock() }))
    ? NOT_PROVEN
    : NOT_ADDED
}

/** Why somebody who is bound sees nothing. In this chat a phone is stated by sending it. */
async function describeStuck(
  { reasons, db }: OfficialAccountDeps,
  { customerId }: { customerId: number },
): Promise<string> {
  const asked = { customerId, mayQuery: false, sees: false, ended: false }
  const { why, step } = await reasons.tellAccount(db, asked)
  if (step === 'state_phone') return NOT_ADDED
  const what = toSentences(why)
  return step === 'contact_support' ? `${what}。` : toNotAddedText(what)
}
