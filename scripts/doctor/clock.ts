import { fail, ok, warn, type Finding, type Words } from './report.ts'
import { NETWORK } from './failures.ts'

const CLOCK: Words = ['时钟', 'clock']
/** What a whole-second header and the way there and back may cost. */
const UNSEEN_MS = 5_000
const TOO_FAR_MS = 60_000

/** Compares our clock with the platform's `Date` header. Any answer will do, also a refusal. */
export async function examineClock(
  baseUrl: string,
  now: () => number = Date.now,
): Promise<{ reached: boolean; finding: Finding }> {
  try {
    const answer = await fetch(`${baseUrl}/cgi-bin/getcallbackip`, {
      signal: AbortSignal.timeout(8_000),
      redirect: 'manual',
    })
    await answer.arrayBuffer()
    const theirs = Date.parse(answer.headers.get('date') ?? '')
    const finding = Number.isNaN(theirs)
      ? ok(CLOCK, ['平台没有告知时间，未比较', 'not compared: the platform names no time'])
      : judge(now() - theirs)
    return { reached: true, finding }
  } catch (error) {
    return {
      reached: false,
      finding: fail(
        ['企业微信', 'WeCom'],
        ['连接不上', `no connection to ${baseUrl}: ${reasonOf(error)}`],
        NETWORK,
      ),
    }
  }
}

function judge(aheadMs: number): Finding {
  const seconds = String(Math.round(Math.abs(aheadMs) / 1000))
  const where: Words = aheadMs > 0 ? ['快', 'ahead'] : ['慢', 'behind']
  if (Math.abs(aheadMs) <= UNSEEN_MS) return ok(CLOCK, ['与平台一致', 'agrees with the platform'])
  const says: Words = [
    `本机比平台${where[0]} ${seconds} 秒`,
    `this machine is ${seconds} s ${where[1]} of the platform`,
  ]
  const todo: Words = [
    '用 NTP（chrony、systemd-timesyncd）校时：绑定码只有 5 分钟，回调时间差超过 300 秒会被拒绝',
    'keep it in time with NTP: codes live 5 minutes, and callbacks more than 300 s away are refused',
  ]
  return Math.abs(aheadMs) > TOO_FAR_MS ? fail(CLOCK, says, todo) : warn(CLOCK, says, todo)
}

/** The code of a failed fetch: its message says only "fetch failed". */
export function reasonOf(error: unknown): string {
  const { cause, name } =
    typeof error === 'object' && error !== null
      ? (error as { cause?: unknown; name?: unknown })
      : {}
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code)
  return typeof name === 'string' ? name : 'unknown'
}
