import type { BindingStatusAnswer } from '../../../shared/api/binding.ts'
import { serverNow } from '../../lib/clock.ts'
import { createLatest } from '../../lib/latest.ts'
import { createPoller, type Poller } from '../../lib/poller.ts'
import { toMessage, toProblem } from '../../lib/problem.ts'
import { RequestError } from '../../lib/request.ts'
import { confirmed, copyText, fontScale, goTo, openChat, PAGES, toast } from '../../lib/ui.ts'
import { fetchMe } from '../../services/account.ts'
import {
  fetchStatus,
  forgetCode,
  heldCode,
  issueCode,
  lookAtTicket,
  openTicket,
} from '../../services/binding.ts'
import {
  isLive,
  toBindView,
  toCardQuestion,
  toChat,
  toTicketProblem,
  type BindFacts,
} from './bind.view.ts'
import { nextLookMs, noFacts } from './bind.watch.ts'

const TICK_MS = 500 // twice a second, or a second would now and then be skipped

Page({
  data: {
    scale: fontScale(),
    view: toBindView(noFacts(0)),
    chatRefused: false,
    copyRefused: false,
    busy: false,
  },
  facts: noFacts(0) as BindFacts,
  ticket: '',
  failures: 0,
  visible: false,
  latest: createLatest(),
  poller: undefined as Poller | undefined,
  clock: 0,

  onLoad({ ticket = '' }: { ticket?: string }) {
    this.facts = noFacts(serverNow())
    this.latest = createLatest() // a page may be open twice, and options are shared
    this.ticket = ticket
    this.poller = createPoller(() => this.look())
    if (ticket) void this.useTicket()
  },
  onShow() {
    this.visible = true
    clearInterval(this.clock)
    this.clock = setInterval(() => this.show({}), TICK_MS)
    this.poller?.start(0)
  },
  onHide() {
    this.rest()
  },
  onUnload() {
    this.rest()
  },
  rest() {
    this.visible = false
    clearInterval(this.clock)
    this.poller?.stop()
    this.latest.drop()
  },

  /** Takes what is new, and sends to the view only what looks different. */
  show(news: Partial<BindFacts>) {
    this.facts = { ...this.facts, ...news, now: serverNow() }
    const view = toBindView(this.facts)
    if (JSON.stringify(view) !== JSON.stringify(this.data.view)) this.setData({ view })
  },

  /** One look at the server; answers when to look again. A page opened without a code to show asks for one. */
  async look(): Promise<number | null> {
    if (this.facts.opening || this.ticket) return null
    const isNewest = this.latest.begin()
    try {
      const status = await fetchStatus()
      if (!isNewest()) return null
      this.failures = 0
      const renewed = this.facts.status === null && needsCode(status) && (await this.renewCode())
      if (!renewed && !this.facts.problem) this.take(status)
    } catch (error) {
      if (!isNewest()) return null
      this.failures += 1
      this.show(this.facts.status ? { unstable: true } : { problem: toProblem(error) })
    }
    return nextLookMs(this.facts, this.failures)
  },
  take(status: BindingStatusAnswer, news: Partial<BindFacts> = {}) {
    if (status.state !== 'code_live') forgetCode()
    const code = heldCode()
    this.show({
      ...news,
      status,
      code,
      ...(code && { chat: toChat(code) }),
      problem: null,
      unstable: false,
    })
    if (this.data.view.asksForPhone && !this.facts.chat) void this.findChat()
  },
  /** Who came by a card has had no code that tells where the chat is; without it the page leaves the button out. */
  async findChat() {
    const { support } = await fetchMe().catch(() => ({ support: undefined }))
    if (support && this.visible && !this.facts.chat) this.show({ chat: support })
  },

  /** Answers whether there is a new code to show. */
  async renewCode(): Promise<boolean> {
    if (this.data.busy) return false
    const isNewest = this.latest.begin()
    this.setData({ busy: true })
    try {
      const code = await issueCode()
      if (isNewest())
        this.show({
          code,
          chat: toChat(code),
          status: { state: 'code_live', expiresAt: code.expiresAt },
          copied: false,
          problem: null,
          waitUntil: 0,
        })
      return isNewest()
    } catch (error) {
      if (isNewest()) this.showRefusal(error)
      return false
    } finally {
      this.setData({ busy: false })
    }
  },
  /** A code that is still shown stays; the server's words go into a toast, the wait onto the button. */
  showRefusal(error: unknown) {
    const isTooMany = error instanceof RequestError && error.status === 429
    if (isTooMany) this.show({ waitUntil: serverNow() + (error.retryAfterSeconds || 30) * 1000 })
    if (isTooMany || this.facts.status) toast(toMessage(error))
    else this.show({ problem: toProblem(error) })
  },

  async useTicket() {
    this.show({ opening: true, problem: null })
    try {
      if (!(await this.isMine())) return this.leaveTicket()
      const status = await openTicket(this.ticket)
      this.ticket = ''
      forgetCode()
      this.take(status, { opening: false })
    } catch (error) {
      // Nothing came back: the ticket may be good still. An answer that refuses is final.
      if (!(error instanceof RequestError) || (error.status >= 400 && error.status < 500))
        this.ticket = ''
      this.show({
        opening: false,
        problem: this.ticket ? toProblem(error) : toTicketProblem(error),
      })
    }
    this.watch()
  },
  /** The item of the chat was asked for by the customer himself; a card is asked about. */
  async isMine(): Promise<boolean> {
    const { kind, advisorName } = await lookAtTicket(this.ticket)
    const { title, text } = toCardQuestion(advisorName)
    return kind !== 'welcome' || confirmed(title, text, '是我本人')
  },
  leaveTicket() {
    this.ticket = ''
    this.show({ opening: false })
    this.poller?.start(0)
  },
  /** Looks again in a while, if there is anything to wait for and somebody to show it to. */
  watch() {
    const delayMs = nextLookMs(this.facts, 0)
    if (this.visible && delayMs !== null) this.poller?.start(delayMs)
  },

  async onCopy() {
    const { code } = this.facts
    if (!code) return
    const copied = await copyText(code.bindCode)
    this.setData({ copyRefused: !copied })
    if (copied) this.show({ copied: true })
  },
  /** Nothing is awaited before the chat opens: the platform allows it only inside the tap. */
  onChat() {
    const { code, chat } = this.facts
    const link = isLive(code, serverNow()) ? code : chat
    if (link) openChat(link, () => this.setData({ chatRefused: true }))
  },
  onClaimed() {
    this.poller?.start(0)
  },
  async onAgain() {
    if (this.data.view.again.off) return
    await this.renewCode()
    this.watch()
  },
  onProblem() {
    if (this.ticket) return void this.useTicket()
    this.show({ problem: null, status: null })
    this.poller?.start(0)
  },
  onProjects() {
    goTo(PAGES.projects)
  },
  onHome() {
    goTo(PAGES.home)
  },
})

const needsCode = ({ state }: BindingStatusAnswer): boolean =>
  state === 'none' || state === 'expired' || (state === 'code_live' && !heldCode())
