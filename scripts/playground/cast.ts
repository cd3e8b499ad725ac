import { control, product, type Person } from './api.ts'
import type { AdvisorPhone } from './advisor-phone.ts'
import type { Attacker } from './attacker.ts'
import type { Phone } from './phone.ts'
import type { Stage } from './stage.ts'
import type { Views } from './views.ts'

type Tone = 'plain' | 'good' | 'bad'
/** Tells a step of a scene while it runs. */
export type Teller = { step: (text: string, tone?: Tone) => void }
export type Cast = {
  stage: Stage
  phone: Phone
  attacker: Attacker
  advisorPhone: AdvisorPhone
  views: Views
  tell: Teller
}
/** How it really ended, by what was looked at afterwards: as the scene means to show, or otherwise. */
export type Ending = { asMeant: boolean; text: string }
export type Scene = {
  id: string
  title: string
  hint: string
  tone: 'calm' | 'attack' | 'fault'
  play: (cast: Cast) => Promise<Ending>
}

const GUESTS = [
  '王小明',
  '周雅琴',
  '孙志远',
  '吴梦洁',
  '郑凯',
  '何秀兰',
  '许文博',
  '韩雪',
  '沈家豪',
  '罗秋月',
  '唐宇',
  '梁思雨',
  '冯德海',
  '杜若',
  '彭立群',
  '蒋婷',
]

/** A name that nobody here has, as long as there are any. */
export function nextGuest({ view }: Stage): string {
  const taken = new Set(view?.people.map((person) => person.name))
  return GUESTS.find((name) => !taken.has(name)) ?? `客户 ${String(taken.size + 1)}`
}

/** Signs in as a person of the sandbox, through the front door. */
export async function signIn(person: Person): Promise<string> {
  const { code } = await control<{ code: string }>(
    `/people/${encodeURIComponent(person.personId)}/login-code`,
    {},
  )
  return (await product<{ sessionToken: string }>('POST', '/wechat/openid', { body: { code } }))
    .sessionToken
}

const TRIES = 50

/** Does something with a number that nobody uses: numbers in use are refused. */
export async function findFreePhone<T>(take: (phone: string) => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await take(`1380013${String(1000 + Math.floor(Math.random() * 9000))}`)
    } catch (error) {
      if (left === 0) throw error
    }
  }
}

/** The order numbers that somebody sees; a refusal in its own words. */
export const lookAs = (token: string): Promise<string[] | string> =>
  product<{ items: { orderNo: string }[] }>('GET', '/projects/my', { token }).then(
    ({ items }) => items.map((item) => item.orderNo),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
export const list = (orderNos: string[] | string): string =>
  typeof orderNos === 'string' ? orderNos : orderNos.length === 0 ? '没有订单' : orderNos.join('、')

/** May he look, as the server has it now? */
export async function mayQuery(stage: Stage, { externalUserid }: Person): Promise<boolean> {
  await stage.refresh()
  return (
    stage.view?.standings.some((one) => one.externalUserId === externalUserid && one.mayQuery) ??
    false
  )
}
