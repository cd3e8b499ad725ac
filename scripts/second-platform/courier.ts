import { setTimeout as sleep } from 'node:timers/promises'
import type { Moods } from './moods.ts'
import { createSealing, seconds, type Letter } from './sealing.ts'
import { secondCredentials as known, type Person } from './world.ts'
import { writeXml, type Fields } from './xml.ts'

/** Facts 1.5: in total. */
const ATTEMPTS = 3
/** Shorter than the platform's 5 s, which a story cannot wait for. */
const BETWEEN_MS = 150

/** Carries callbacks: late, out of order, twice. */
export function createCourier(moods: Moods) {
  const sealing = createSealing(moods)
  const { send, idle } = createTrips(moods)
  let base = ''
  return { deliverTo, ring, push, pushMini, verifies, idle }

  function deliverTo(url: string): void {
    base = url
  }

  function ring(fields: Fields): void {
    const head = {
      ToUserName: known.corpId,
      CreateTime: seconds(),
      MsgType: moods.temper.rare ? 'Event' : 'event',
    }
    const xml = writeXml(moods, { ...head, ...fields })
    send(async () => (await post(sealing.toCorp(xml))).status === 200)
  }

  function push(person: Person, fields: Fields): void {
    const all = {
      ToUserName: known.officialId,
      FromUserName: person.officialOpenid,
      CreateTime: seconds(),
      ...fields,
    }
    const xml = writeXml(moods, all)
    send(async () => {
      const { status, text } = await post(sealing.toOfficial(person, all, xml))
      if (status === 200 && text !== '' && text !== 'success')
        person.official.push(sealing.openReply(text))
      return status === 200
    })
  }

  /** Facts 1.5: the body must be `success` or empty too. */
  function pushMini(person: Person, content: string): void {
    send(async () => {
      const { status, text } = await post(sealing.toMini(person, content))
      return status === 200 && (text === '' || text === 'success')
    })
  }

  async function post({ path, query, body }: Letter): Promise<{ status: number; text: string }> {
    const xmlType = moods.pick('text/xml', 'application/xml; charset=utf-8', 'text/plain')
    const type = body.startsWith('{') ? 'application/json' : xmlType
    try {
      const response = await fetch(toUrl(base, path, query), {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      })
      return { status: response.status, text: await response.text() }
    } catch {
      return { status: 0, text: '' }
    }
  }

  function verifies(): Promise<boolean[]> {
    return Promise.all(sealing.createEchoes().map((echo) => isEchoed(base, echo)))
  }
}
export type Courier = ReturnType<typeof createCourier>

type Query = Record<string, string>

const toUrl = (base: string, path: string, query: Query): string =>
  `${base}${path}?${new URLSearchParams(query).toString()}`

async function isEchoed(
  base: string,
  { path, query, wants }: { path: string; query: Query; wants: string },
): Promise<boolean> {
  return (await (await fetch(toUrl(base, path, query))).text()) === wants
}

function createTrips(moods: Moods) {
  const underway = new Set<Promise<void>>()
  return { send, idle }

  /** Each copy sets out on its own, so the order of two rings is nobody's promise. */
  function send(attempt: () => Promise<boolean>): void {
    const copies = moods.chance(0.25) ? 2 : 1
    for (let copy = 0; copy < copies; copy += 1) {
      const trip = travel(attempt).finally(() => {
        underway.delete(trip)
      })
      underway.add(trip)
    }
  }

  async function travel(attempt: () => Promise<boolean>): Promise<void> {
    await sleep(moods.below(moods.temper.slowMs))
    for (let left = ATTEMPTS; left > 0 && !(await attempt()); left -= 1) await sleep(BETWEEN_MS)
  }

  /** Until nothing is on its way. */
  async function idle(): Promise<void> {
    while (underway.size > 0) await Promise.all(underway)
  }
}
