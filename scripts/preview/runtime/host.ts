import { showToast } from './dialogs.ts'

/**
 * The world around the phone: who holds it, and the playground when it looks on. The sandbox plays WeChat for this
 * person; its control API is reached through our own server, so that everything stays on one origin.
 */
export type Host = ReturnType<typeof createHost>
/** What the phone and the playground around it say to each other. */
export type PhoneMessage =
  | { kind: 'phone.chat'; url: string }
  | { kind: 'phone.copied'; text: string }
  | { kind: 'phone.called'; phoneNumber: string }
  | { kind: 'phone.page'; route: string }
  | { kind: 'playground.open'; path: string }

export type Choice = 'accept' | 'reject'
export type Template = { templateId: string; title: string }
type Asked =
  | { error: { errCode: number; errMsg: string } }
  | { decided: Record<string, string>; open: Template[] }
/** A subscribe message as it stands in 服务通知; `page` null: a tap opens nothing. */
export type Notice = {
  kind: 'subscribe'
  title: string
  lines: { label: string; text: string }[]
  page: string | null
}

const SANDBOX = '/playground/api/sandbox'
const inPlayground = window.parent !== window

const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
  const response = await fetch(SANDBOX + path, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  const answer: unknown = await response.json()
  if (!response.ok)
    throw new Error(
      (answer as { error?: string; message?: string }).error ??
        (answer as { message?: string }).message ??
        `HTTP ${String(response.status)}`,
    )
  return answer
}

/** The person in the address; else the first one who lives in the sandbox. */
export async function findHolder(): Promise<string> {
  const named = new URLSearchParams(location.search).get('person')
  if (named !== null) return named
  const people = (await send('GET', '/people')) as { personId: string }[]
  const first = people[0]
  if (!first) throw new Error('沙箱里还没有人，请先打开 /playground')
  return first.personId
}

export function createHost(personId: string) {
  const at = `/people/${encodeURIComponent(personId)}`
  const tell = (message: PhoneMessage): void => {
    if (inPlayground) window.parent.postMessage(message, location.origin)
  }
  return {
    personId,
    tell,
    loginCode: async (): Promise<string> =>
      ((await send('POST', `${at}/login-code`, {})) as { code: string }).code,
    /** Enters the kf chat by that link; the playground turns to the chat. */
    openChat: async (url: string): Promise<void> => {
      const entered = (await send('POST', `${at}/kf/enter`, { url })) as {
        entered: boolean
        reason?: string
      }
      if (!entered.entered) throw new Error(entered.reason ?? 'the chat did not open')
      if (inPlayground) tell({ kind: 'phone.chat', url })
      else showToast('已进入客服聊天，请到演示台查看', 'none', 3000)
    },
    /** What WeChat does with the dialog for subscribe messages, before and after somebody sees it. */
    subscribe: {
      ask: async (templateIds: string[]): Promise<Asked> =>
        (await send('POST', `${at}/subscribe/ask`, { templateIds })) as Asked,
      answer: async (
        choices: Record<string, Choice>,
        keep: boolean,
      ): Promise<Record<string, string>> =>
        (
          (await send('POST', `${at}/subscribe`, { choices, keep })) as {
            results: Record<string, string>
          }
        ).results,
    },
    /** Oldest first. */
    notices: async (): Promise<Notice[]> =>
      ((await send('GET', `${at}/inbox`)) as Notice[]).filter(({ kind }) => kind === 'subscribe'),
    /** The customer opens the mini-program from somewhere else, at a page. */
    onOpen: (open: (path: string) => void): void =>
      addEventListener('message', (event: MessageEvent<PhoneMessage>) => {
        if (
          event.origin === location.origin &&
          event.source === window.parent &&
          event.data.kind === 'playground.open'
        )
          open(event.data.path)
      }),
  }
}
