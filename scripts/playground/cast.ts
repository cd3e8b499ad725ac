import { control, product, type Person } from './api.ts'
import type { Phone } from './phone.ts'
import type { Stage } from './stage.ts'

/** Tells a step of a scene while it runs. */
export type Teller = {
  step: (text: string, tone?: 'plain' | 'good' | 'bad') => void
  end: (text: string) => void
}
export type Cast = { stage: Stage; phone: Phone; tell: Teller }
export type Scene = {
  id: string
  title: string
  hint: string
  tone: 'calm' | 'attack' | 'fault'
  play: (cast: Cast) => Promise<void>
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
