import { flag, list, oneOf, optional, record, text } from '../base/check.ts'
import { ControlError } from '../base/refusal.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import {
  customerWrites,
  findChat,
  openChat,
  recallLast,
  tappedItem,
  type Written,
} from '../kf/chat.ts'
import { enterChat } from '../kf/enter.ts'
import { endSession, servicerSays, setDuty, takeSession } from '../kf/servicers.ts'
import { stateOf } from '../kf/session.ts'
import { memberForControl, personById, personOf } from '../world/people.ts'
import type { KfAccount, Person, World } from '../world/types.ts'
import { type ControlRouter, type Desk, param } from '../http/control.ts'

const openKfId = optional(text())
const readEnter = record({ url: text() })
const mediaTypes = ['image', 'voice', 'video', 'file'] as const
const readSend = record({
  openKfId,
  text: optional(text({ maxBytes: 20_000 })),
  menuId: optional(text()),
  type: optional(oneOf(mediaTypes)),
})
const readRecall = record({ openKfId, msgid: optional(text()) })
const readAct = record({
  openKfId,
  personId: optional(text()),
  phone: optional(text()),
  text: optional(text()),
})
const readDuty = record({ openKfId, serving: flag })

function accountOf(world: World, id: string | undefined): KfAccount {
  const wanted = id ?? sandboxCredentials.openKfId
  const account = Object.hasOwn(world.kfAccounts, wanted) ? world.kfAccounts[wanted] : undefined
  if (account === undefined) throw new ControlError(404, `no kf account ${wanted}`)
  return account
}

/** Exactly one of text, menuId and type: words, a tap on a menu, or a picture and the like. */
function writtenOf(desk: Desk, person: Person, wanted: ReturnType<typeof readSend>): Written {
  const { world } = desk.stage
  const given = [wanted.text, wanted.menuId, wanted.type].filter((one) => one !== undefined)
  if (given.length !== 1)
    throw new ControlError(400, 'give text, menuId or type, and only one of them')
  if (wanted.text !== undefined)
    return { msgtype: 'text', line: wanted.text, body: { content: wanted.text } }
  const account = accountOf(world, wanted.openKfId)
  if (wanted.menuId !== undefined)
    return tappedItem(findChat(world, account.openKfId, person.externalUserid), wanted.menuId)
  return {
    msgtype: wanted.type ?? 'image',
    line: '',
    body: { media_id: `3${desk.stage.makeId(63)}` },
  }
}

function personControl({ get, post }: ControlRouter, desk: Desk): void {
  const { stage } = desk
  const { world } = stage
  const person = (params: Record<string, string>) => personById(world, param(params, 'personId'))
  post('/people/:personId/kf/enter', ({ params, body }) =>
    enterChat(stage, person(params), readEnter(body, 'body').url),
  )
  post('/people/:personId/kf/send', ({ params, body }) => {
    const wanted = readSend(body, 'body')
    const customer = person(params)
    const written = writtenOf(desk, customer, wanted)
    const { openKfId } = accountOf(world, wanted.openKfId)
    const chat = openChat(world, openKfId, customer.externalUserid)
    return { msgid: customerWrites(stage, chat, written) }
  })
  post('/people/:personId/kf/recall', ({ params, body }) => {
    const wanted = readRecall(body, 'body')
    const { externalUserid } = person(params)
    const chat = findChat(world, accountOf(world, wanted.openKfId).openKfId, externalUserid)
    return { msgid: recallLast(stage, chat, wanted.msgid) }
  })
  get('/people/:personId/kf/messages', ({ params, query }) => {
    const account = accountOf(world, query['openKfId'])
    return findChat(world, account.openKfId, person(params).externalUserid)?.lines ?? []
  })
  get('/people/:personId/kf/session', ({ params, query }) => {
    const account = accountOf(world, query['openKfId'])
    const chat = findChat(world, account.openKfId, person(params).externalUserid)
    if (chat === undefined) return { state: 4, servicer: null }
    return {
      state: stateOf(chat, stage.now()),
      servicer: chat.servicer,
      lastCustomerAt: chat.lastCustomerAt,
    }
  })
}

function servicerControl({ post }: ControlRouter, { stage }: Desk): void {
  const { world } = stage
  const place = (params: Record<string, string>, wanted: ReturnType<typeof readAct>) => ({
    account: accountOf(world, wanted.openKfId),
    userid: param(params, 'userid'),
    person: personOf(world, { phone: wanted.phone, personId: wanted.personId }),
  })
  post('/kf/servicers/:userid/take', ({ params, body }) =>
    takeSession(stage, place(params, readAct(body, 'body'))),
  )
  post('/kf/servicers/:userid/end', ({ params, body }) =>
    endSession(stage, place(params, readAct(body, 'body'))),
  )
  post('/kf/servicers/:userid/say', ({ params, body }) => {
    const wanted = readAct(body, 'body')
    if (wanted.text === undefined) throw new ControlError(400, 'text missing')
    return { msgid: servicerSays(stage, place(params, wanted), wanted.text) }
  })
  post('/kf/servicers/:userid/duty', ({ params, body }) => {
    const wanted = readDuty(body, 'body')
    const account = accountOf(world, wanted.openKfId)
    setDuty(stage, { account, userid: param(params, 'userid') }, wanted.serving)
  })
}

const readAccount = record({
  name: text({ maxChars: 16 }),
  servicers: optional(list(text(), { max: 500 })),
})

/** A further kf account, for servers that must keep cursors and tokens of several apart. */
function addAccount({ stage }: Desk, body: unknown): KfAccount {
  const { name, servicers = [] } = readAccount(body, 'body')
  const account: KfAccount = {
    openKfId: `wk${stage.makeId(30)}`,
    name,
    linkId: `kfc${stage.makeId(17).toLowerCase()}`,
    servicers: servicers.map((userid) => ({
      userid: memberForControl(stage.world, userid).userid,
      status: 0,
    })),
  }
  stage.world.kfAccounts[account.openKfId] = account
  return account
}

export function kfControl(router: ControlRouter, desk: Desk): void {
  router.get('/kf/accounts', () => Object.values(desk.stage.world.kfAccounts))
  router.post('/kf/accounts', ({ body }) => addAccount(desk, body))
  personControl(router, desk)
  servicerControl(router, desk)
}
