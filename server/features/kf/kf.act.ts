import type { Within } from '../../lib/db.ts'
import type { EventCode } from '../facts.ts'
import type { KfDeps } from './kf.deps.ts'
import { kfJobs } from './kf.jobs.ts'
import {
  MESSAGE_TOO_OLD_MS,
  toEventCode,
  UNBIND_QUESTION_LIFE_MS,
  type Intent,
} from './kf.rules.ts'
import type { Waiting } from './kf.store.ts'

type Tx = Within<KfDeps>
type Message = Waiting & { toPeople: boolean }
/** A message of which is known what it means. */
type Meant<Kind extends Intent['kind']> = Message & { intent: Extract<Intent, { kind: Kind }> }

/** What a customer ends stays ended, however long nobody was there to hear of it; all else he can say again. */
const COUNTS_LATE: ReadonlySet<Intent['kind']> = new Set(['words', 'deny', 'unbind_confirmed'])

const isLate = (tx: Tx, sentAt: Date): boolean =>
  tx.clock().getTime() - sentAt.getTime() > MESSAGE_TOO_OLD_MS

/** Acts on a message of a customer; answers what was done, in one word for the record. */
export async function act(tx: Tx, message: Message): Promise<string> {
  const { intent, sentAt, externalUserId } = message
  if (isLate(tx, sentAt) && !COUNTS_LATE.has(intent.kind)) return 'too_old'
  switch (intent.kind) {
    case 'code':
      return redeemCode(tx, { ...message, intent })
    case 'link':
      return redeemLink(tx, { ...message, intent })
    case 'enter':
      return enter(tx, { ...message, intent })
    case 'deny':
      return deny(tx, { ...message, intent })
    case 'recall':
      return recall(tx, { ...message, intent })
    case 'session_ended':
      return (await remind(tx, { externalUserId, event: toEventCode(intent.msgCode, sentAt) }))
        ? 'reminded'
        : 'ignored'
    case 'unbind':
      return askUnbind(tx, message)
    case 'unbind_confirmed':
      return unbind(tx, { ...message, intent })
    case 'unbind_declined':
      return keep(tx, message)
    case 'progress':
      return tellProjects(tx, { ...message, intent })
    case 'words':
      return listen(tx, message)
    case 'send_failed':
    case 'ignored':
    case 'unreadable':
      return 'ignored'
  }
}

const remind = (tx: Tx, chat: { externalUserId: string; event: EventCode | null }) =>
  tx.binding.remind(tx.db, chat)

/** The record's word for what became of a code or link; it has been `claimed` for one that was good since the first version. */
const OUTCOMES = { redeemed: 'claimed', missed: 'missed', paused: 'paused', to_people: 'to_people' }

async function redeemCode(tx: Tx, message: Meant<'code'>): Promise<string> {
  const { intent, externalUserId, openKfId, sentAt, msgid, toPeople } = message
  const redeemed = await tx.binding.redeem(tx.db, {
    by: 'kf_code',
    hash: intent.hash,
    externalUserId,
    openKfId,
    sentAt,
    msgid,
    toPeople,
  })
  return OUTCOMES[redeemed]
}

async function redeemLink(tx: Tx, message: Meant<'link'>): Promise<string> {
  const { intent, externalUserId, openKfId, sentAt, msgid } = message
  const welcome = toEventCode(intent.welcomeCode, sentAt)
  const redeemed = await tx.binding.redeem(tx.db, {
    by: 'kf_link',
    hash: intent.hash,
    externalUserId,
    openKfId,
    sentAt,
    msgid,
    ...(welcome && { welcome }),
  })
  if (redeemed === 'redeemed') return OUTCOMES.redeemed
  // Used before, by its digits say: what it opened may wait for this very entry.
  if (welcome && (await remind(tx, { externalUserId, event: welcome }))) return 'reminded'
  await greetLater(tx, message)
  return 'missed'
}

async function enter(tx: Tx, message: Meant<'enter'>): Promise<string> {
  const { intent, externalUserId, sentAt } = message
  const event = toEventCode(intent.welcomeCode, sentAt)
  if (event && (await remind(tx, { externalUserId, event }))) return 'reminded'
  await greetLater(tx, message)
  return 'greeted'
}

/** Only who came in with a code can be greeted. */
async function greetLater(
  tx: Tx,
  { intent: { welcomeCode }, externalUserId, sentAt }: Meant<'enter'> | Meant<'link'>,
): Promise<void> {
  if (welcomeCode !== undefined)
    await tx.jobs.add(tx.db, [kfJobs.greet.of({ welcomeCode, enteredAt: sentAt, externalUserId })])
}

async function deny(tx: Tx, message: Meant<'deny'>): Promise<string> {
  const { intent, openKfId, externalUserId, msgid } = message
  if (await tx.binding.deny(tx.db, { pendingId: intent.pendingId, externalUserId })) return 'denied'
  await tx.jobs.add(tx.db, [kfJobs.tellOver.of({ openKfId, externalUserId, sourceId: msgid })])
  return 'missed'
}

const recall = async (tx: Tx, { intent, externalUserId }: Meant<'recall'>): Promise<string> =>
  (await tx.binding.withdraw(tx.db, { msgid: intent.msgid, externalUserId }))
    ? 'withdrawn'
    : 'ignored'

async function askUnbind(tx: Tx, { openKfId, externalUserId, msgid }: Message): Promise<string> {
  await tx.jobs.add(tx.db, [kfJobs.askUnbind.of({ openKfId, externalUserId, sourceId: msgid })])
  return 'asked'
}

/** The platform tells when a word was said in whole seconds. */
const SECOND_MS = 1_000

/** What was bound after the word was said, because it was heard late, is not meant by it. What ends nothing is asked anew: nobody taps into silence. */
async function unbind(tx: Tx, message: Meant<'unbind_confirmed'>): Promise<string> {
  const { intent, externalUserId, sentAt, msgid } = message
  if (sentAt.getTime() - Date.parse(intent.askedAt) > UNBIND_QUESTION_LIFE_MS) {
    await askUnbind(tx, message)
    return 'too_old'
  }
  const wasBound = await tx.ties.untieContact(tx.db, {
    externalUserId,
    by: 'contact',
    actor: 'contact',
    sourceId: msgid,
    ...(isLate(tx, sentAt) && { tiedBefore: new Date(sentAt.getTime() + SECOND_MS) }),
    now: tx.clock(),
  })
  if (!wasBound) await askUnbind(tx, message)
  return wasBound ? 'unbound' : 'not_bound'
}

async function keep(tx: Tx, { openKfId, externalUserId, msgid }: Message): Promise<string> {
  await tx.jobs.add(tx.db, [kfJobs.tellKept.of({ openKfId, externalUserId, sourceId: msgid })])
  return 'kept'
}

async function tellProjects(tx: Tx, message: Meant<'progress'>): Promise<string> {
  const { intent, openKfId, externalUserId, msgid: sourceId } = message
  const { about = 'progress' } = intent
  await tx.jobs.add(tx.db, [kfJobs.tellProgress.of({ openKfId, externalUserId, sourceId, about })])
  return 'progress'
}

async function listen(tx: Tx, message: Message): Promise<string> {
  if (await remind(tx, { externalUserId: message.externalUserId, event: null })) return 'reminded'
  await tx.jobs.add(tx.db, [toListening(message)])
  return LISTENED
}

export const LISTENED = 'listened'

/** Words are for people, unless they come in by a link of ours. */
export const toListening = ({
  openKfId,
  externalUserId,
  msgid,
  sentAt,
}: Pick<Message, 'openKfId' | 'externalUserId' | 'msgid' | 'sentAt'>) =>
  kfJobs.listen.of({ openKfId, externalUserId, sourceId: msgid, sentAt, waits: 0 })
