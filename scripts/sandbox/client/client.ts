import type { Page } from 'playwright-core'

import { type Device, findApi, userAgentOf } from './apis.ts'
import { BRIDGE, CHANNEL } from './bridge.ts'
import { type Answer, type Call, createIdentities } from './identities.ts'

type Options = { sandboxUrl: string; /** Whose phone it is. */ userid: string } & Partial<Device>
type Screen = { name: string; url: string }
type Answered = Answer & { name: string }

/** The WeCom client of one member, as far as a page can talk to it, and as strict as the documented one. */
export function createClient({
  sandboxUrl,
  userid,
  version = '4.1.30',
  system = 'android',
}: Options) {
  const device: Device = { version, system }
  const identities = createIdentities({ sandboxUrl, device })
  const opened: Screen[] = []
  const calls: Answered[] = []
  let isCancelling = false

  async function invoke(call: Call): Promise<Answer> {
    const answer = await answerTo(call)
    calls.push({ name: call.name, ...answer })
    return answer
  }

  function answerTo(call: Call): Promise<Answer> {
    if (call.name === 'preVerifyJSAPI') return identities.config(call)
    if (call.name === 'agentConfig') return identities.agentConfig(call)
    return openScreen(call)
  }

  async function openScreen({ document, url, name }: Call): Promise<Answer> {
    const api = findApi(name, device)
    if (api === undefined) return { err_msg: `${name}:function not exist` }
    if (!identities.isGranted(document, name)) return { err_msg: `${name}:permission denied` }
    if (api.needsCustomers && !(await hasCustomers(sandboxUrl, userid)))
      return { err_msg: `${name}:fail no permission` }
    opened.push({ name, url })
    const wasCancelled = isCancelling
    isCancelling = false
    return { err_msg: `${name}:${wasCancelled ? 'cancel' : 'ok'}` }
  }

  return {
    /** For the browser's context: the SDK decides by it what it talks to. */
    userAgent: userAgentOf(device),
    /** The native screens that came up, in order. */
    opened: opened as readonly Screen[],
    /** Whatever the pages asked the bridge for, with its answer. */
    calls: calls as readonly Answered[],
    /** The member leaves the next native screen by its way back. */
    cancelNext: () => {
      isCancelling = true
    },
    invoke,
    /** From now on the pages of this tab run in this client. */
    attach: (page: Page): Promise<void> => attach(page, invoke),
  }
}
export type Client = ReturnType<typeof createClient>

async function hasCustomers(sandboxUrl: string, userid: string): Promise<boolean> {
  const members = (await (await fetch(`${sandboxUrl}/_sandbox/members`)).json()) as {
    userid: string
    followUser: boolean
  }[]
  return members.some((member) => member.userid === userid && member.followUser)
}

async function attach(page: Page, invoke: Client['invoke']): Promise<void> {
  await page.exposeBinding(CHANNEL, ({ frame }, call: Omit<Call, 'url'>) =>
    invoke({ ...call, url: frame.url() }),
  )
  await page.addInitScript(BRIDGE)
}
