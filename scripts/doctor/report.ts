import { maskText } from '../../server/lib/log.ts'
import type { Environment } from '../checkout/environment.ts'

/** Chinese for the administrator, English for whoever helps him. */
export type Words = readonly [zh: string, en: string]
export type Finding = { level: 'ok' | 'warn' | 'FAIL'; topic: Words; says: Words; todo?: Words }
export type Report = ReturnType<typeof createReport>

export const ok = (topic: Words, says: Words): Finding => ({ level: 'ok', topic, says })
export const warn = (topic: Words, says: Words, todo: Words): Finding => ({
  level: 'warn',
  topic,
  says,
  todo,
})
export const fail = (topic: Words, says: Words, todo: Words): Finding => ({
  level: 'FAIL',
  topic,
  says,
  todo,
})

const SECRET_NAME = /(_SECRET|_TOKEN|_AES_KEY|_ACCESS_KEY|SECRET_KEY|ADMIN_KEY|_PASSWORD)$/
const PASSWORD_IN_URL = /(:\/\/[^:/@\s]*:)[^@/\s]+@/g

/** One line per check, and below it what to do. Nothing that is a secret of `env` gets out, wherever it stands. */
export function createReport(say: (line: string) => void, env: Environment) {
  const counts = { ok: 0, warn: 0, FAIL: 0 }
  const secrets = Object.entries(env)
    .filter(([name, value]) => SECRET_NAME.test(name) && value.length > 3)
    .map(([, value]) => value)
  const print = (line: string): void =>
    say(
      maskText(secrets.reduce((text, secret) => text.replaceAll(secret, '***'), line)).replace(
        PASSWORD_IN_URL,
        '$1***@',
      ),
    )
  return {
    print,
    add: ({ level, topic, says, todo }: Finding): void => {
      counts[level] += 1
      print(`${level.padEnd(5)} ${topic.join(' ')}：${says[0]} (${says[1]})`)
      if (todo) for (const line of todo) print(`      → ${line}`)
    },
    hasFailed: (): boolean => counts.FAIL > 0,
    end: (): void =>
      print(`\n${String(counts.ok)} ok, ${String(counts.warn)} warn, ${String(counts.FAIL)} FAIL`),
  }
}
