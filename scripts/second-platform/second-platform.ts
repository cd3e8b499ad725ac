/**
 * A second WeChat and WeCom, for one story. The sandbox and the server were written by the same hands: where both misread a fact
 * they agree, and every test is green. This one was written from docs/spec/platform-facts.md alone and differs from the sandbox
 * wherever the facts are silent: pages of three, other texts, other numbers, fields that come and go, tokens that end early.
 * It must stay so: it imports nothing of scripts/sandbox and of server/, and whoever changes it reads the facts, not the sandbox.
 * It is small on purpose: it knows what the main job needs, and tells of every call that the facts do not have.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createChat } from './chat.ts'
import { createConsents } from './consents.ts'
import { createContactsDesk } from './contacts.ts'
import { createCorp } from './corp.ts'
import { createCourier } from './courier.ts'
import { openDesks } from './desk.ts'
import { createGreetings } from './greetings.ts'
import { createMoods, type Temper } from './moods.ts'
import { createOffice } from './office.ts'
import { createPages } from './pages.ts'
import { createSessions } from './sessions.ts'
import { createTokens } from './tokens.ts'
import { createWechat } from './wechat.ts'
import { createWorld, secondCredentials as known, type Person } from './world.ts'

export async function openSecondPlatform(temper: Temper) {
  const moods = createMoods(temper)
  const world = createWorld(moods)
  const tokens = createTokens(moods)
  const courier = createCourier(moods)
  const pages = createPages(moods)
  const ring = () =>
    courier.ring({ Event: 'kf_msg_or_event', Token: pages.createRing(), OpenKfId: known.openKfId })
  const corp = createCorp({ moods, world, tokens })
  const greetings = createGreetings({ moods, hasMedia: corp.hasMedia })
  const sessions = createSessions(moods, world)
  const chat = createChat({ moods, world, pages, sessions, ring })
  const wechat = createWechat({ moods, world, tokens, courier })
  const consents = createConsents({ moods, world, courier })
  const office = createOffice({ moods, world, courier, greetings })
  const corpDesk = {
    ...corp.desk,
    ...createContactsDesk({ moods, world, greetings }),
    ...chat.desk,
  }
  const desks = await openDesks({
    moods,
    checkToken: tokens.check,
    desks: { corp: corpDesk, wx: { ...wechat.desk, ...consents.desk } },
  })

  return {
    url: desks.url,
    strange: desks.strange,
    close: desks.close,
    members: world.members,
    /** Where the company's server is. */
    deliverTo: courier.deliverTo,
    /** What the consoles do when a callback's address is saved: whether the server passes. */
    verifies: courier.verifies,
    /** Until no callback is on its way and whoever was announced can be read. */
    idle: async () => {
      await courier.idle()
      const last = Math.max(0, ...world.follows.map((one) => one.visibleAt))
      if (last > Date.now()) await sleep(last - Date.now() + 1)
    },
    /** The next pages of the chat say that there is more, and go no further. */
    stall: pages.stall,
    arrive: world.arrive,
    loginCode: wechat.createLoginCode,
    enter: chat.enter,
    say: (person: Person, text: string) => chat.write(person, text),
    tap: (person: Person, item: { id?: string; text: string }) =>
      chat.write(person, item.text, item.id),
    /** From now on the sessions of the kf account are this member's from the first word; nobody's again without a name. */
    putOnDuty: sessions.putOnDuty,
    endService: chat.endService,
    follow: wechat.follow,
    /** What he says in the mini-program's dialog for subscribe messages. */
    answerDialog: consents.answer,
    writeOfficial: wechat.writeOfficial,
    ...office,
  }
}
export type SecondPlatform = Awaited<ReturnType<typeof openSecondPlatform>>
