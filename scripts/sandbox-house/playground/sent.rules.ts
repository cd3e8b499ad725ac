import type { SandboxCall } from './sandbox-control.ts'
import type { Entry } from './timeline.rules.ts'
import * as words from './playground.words.rules.ts'

const { wordOf } = words

export function fromCall({ at, method, path, errcode }: SandboxCall, index: number): Entry {
  const name = path.replace(/^\/(?:wecom\/cgi-bin|weixin)\//, '')
  return {
    key: `call-${String(at)}-${String(index)}`,
    at,
    lane: 'sent',
    tone: errcode === 0 ? 'plain' : Object.hasOwn(words.REFUSALS, errcode) ? 'wait' : 'bad',
    title: wordOf(words.CALLS, name),
    note: `${method} ${name}${errcode === 0 ? '' : ` · ${String(errcode)} ${words.REFUSALS[errcode] ?? ''}`}`,
  }
}
