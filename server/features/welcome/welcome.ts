// The greeting of a contact that a member has just added: keeps platform_media, the picture of the card.
// Woken by WeCom's callback of the add, within whose 20 s everything has to happen; later it says nothing.
// Asks `binding` for the one-time ticket of the card and `customers` whether one is needed. Tells nobody anything.
import type { Db } from '../../lib/db.ts'
import type { JobRun, Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Wecom } from '../../outside/wecom/wecom.ts'
import type { WelcomeAttachment, WelcomeOutcome } from '../../outside/wecom/welcome.ts'
import type { Binding } from '../binding/binding.ts'
import type { Customers } from '../customers/customers.ts'
import { welcomeJobs } from './welcome.jobs.ts'
import * as store from './welcome.store.ts'

type Deps = {
  db: Db
  platforms: { contacts: Pick<Wecom['contacts'], 'sendWelcome'>; media: Wecom['media'] }
  jobs: Pick<Jobs, 'add'>
  binding: Pick<Binding, 'issueWelcomeTicket'>
  customers: Pick<Customers, 'isBoundContact'>
  miniAppId: string
  readPicture: () => Promise<Buffer>
  clock: () => Date
  log: Log
}
export type Added = {
  welcomeCode: string
  externalUserId: string
  userId: string
  receivedAt: Date
}
type Try = Added & Pick<JobRun, 'lastAttempt'>

/** Greeting makes sense only in the platform's 20 s (platform-facts 3.5). */
const WELCOME_LIFE_MS = 20_000
/** Another app that greets at this moment has either done so by then, or failed. */
const AGAIN_AFTER_MS = 4_000
/** A job that failed twice waits 7.4 s for its third try, which must find time for two calls. */
const ANOTHER_TRY_MS = 10_000
/** WeCom keeps a picture three days; one that is about to go is not sent. */
const PICTURE_LIFE_MS = 60 * 3_600_000
const PICTURE = 'welcome-card'
const TEXT = '您好，很高兴为您服务！您的项目进度可以在「进度通」小程序里查看。'
/** How the customer was added, and whether his unionid ties him at once, takes a look at WeCom that may not fit into the 20 s: so the words promise neither. */
const TEXT_WITH_CARD = `${TEXT}\n如果小程序里还看不到，请点下面的卡片，按提示确认是您本人。`
const WITHOUT_CARD = 'a welcome goes without its card'
const CARD_TITLE = '查看我的项目进度'

/** Greets a contact that was just added, and hands the one-time ticket of its welcome card over (R0.19, E4). */
export function createWelcome(deps: Deps) {
  return {
    /**
     * Sends the welcome; answers quietly when its time is over. A card that is refused costs no words.
     *
     * @throws when it cannot be sent now, or its card not be made, and another try has a chance.
     */
    greet: (added: Added, { lastAttempt }: Pick<JobRun, 'lastAttempt'>) =>
      greet(deps, { ...added, lastAttempt }),
  }
}
export type Welcome = ReturnType<typeof createWelcome>

const leftMsOf = (deps: Deps, { receivedAt }: Added): number =>
  receivedAt.getTime() + WELCOME_LIFE_MS - deps.clock().getTime()

async function greet(deps: Deps, { lastAttempt, ...added }: Try): Promise<void> {
  const leftMs = leftMsOf(deps, added)
  if (leftMs <= 0) return deps.log.warn('a welcome came too late to be sent')
  const outcome = await send(deps, { ...added, lastAttempt })
  if (outcome === 'sent') return
  const mayTryAgain = outcome === 'sending-elsewhere' && leftMs > AGAIN_AFTER_MS
  deps.log[outcome === 'refused' ? 'warn' : 'info'](
    { outcome, mayTryAgain },
    'a welcome was not sent',
  )
  if (mayTryAgain)
    await deps.jobs.add(deps.db, [
      welcomeJobs.greet.of(added, new Date(deps.clock().getTime() + AGAIN_AFTER_MS)),
    ])
}

/** A card that is refused, or its picture, takes the words with it: they are sent alone then. */
async function send(deps: Deps, added: Try): Promise<WelcomeOutcome> {
  const { welcomeCode } = added
  const card = (await deps.customers.isBoundContact(deps.db, added.externalUserId))
    ? null
    : await makeCard(deps, added)
  if (card === null) return deps.platforms.contacts.sendWelcome({ welcomeCode, text: TEXT })
  const outcome = await deps.platforms.contacts.sendWelcome({
    welcomeCode,
    text: TEXT_WITH_CARD,
    attachments: [card],
  })
  if (outcome !== 'refused') return outcome
  deps.log.warn(
    'the card of a welcome was refused; the words go alone, and the next card gets a new picture',
  )
  await store.deleteMedia(deps.db, PICTURE)
  return deps.platforms.contacts.sendWelcome({ welcomeCode, text: TEXT })
}

/** Nothing when the words must go alone: WeCom does not want the card, or no time is left for another try. */
async function makeCard(deps: Deps, added: Try): Promise<WelcomeAttachment | null> {
  const { externalUserId, userId, lastAttempt } = added
  try {
    const picMediaId = await findPicture(deps)
    if (picMediaId === undefined) return null
    const ticket = await deps.binding.issueWelcomeTicket({ externalUserId, userId })
    return {
      kind: 'mini-program',
      title: CARD_TITLE,
      picMediaId,
      appId: deps.miniAppId,
      page: `pages/bind/bind?ticket=${ticket}`,
    }
  } catch (error) {
    if (!lastAttempt && leftMsOf(deps, added) > ANOTHER_TRY_MS) throw error
    deps.log.warn({ err: error }, WITHOUT_CARD)
    return null
  }
}

/** Undefined: WeCom does not take it. */
async function findPicture(deps: Deps): Promise<string | undefined> {
  const known = await store.findMedia(deps.db, {
    name: PICTURE,
    uploadedAfter: new Date(deps.clock().getTime() - PICTURE_LIFE_MS),
  })
  if (known !== undefined) return known
  const uploaded = await deps.platforms.media.uploadImage({
    filename: 'welcome.png',
    contentType: 'image/png',
    bytes: await deps.readPicture(),
  })
  if (uploaded.kind === 'refused') {
    deps.log.warn({ errcode: uploaded.errcode }, WITHOUT_CARD)
    return undefined
  }
  const { mediaId } = uploaded
  await store.upsertMedia(deps.db, { name: PICTURE, mediaId, now: deps.clock() })
  return mediaId
}
