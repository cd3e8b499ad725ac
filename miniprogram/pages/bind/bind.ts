import type { BindingStatusAnswer } from '../../../shared/api/binding.ts'
import { serverNow } from '../../lib/clock.ts'
import { createLatest } from '../../lib/latest.ts'
import { createPoller, type Poller } from '../../lib/poller.ts'
import { toMessage, toProblem } from '../../lib/problem.ts'
import { RequestError } from '../../lib/request.ts'
import { copyText, fontScale, goTo, openChat, PAGES, toast, type ChatLink } from '../../lib/ui.ts'
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
import { nextLookMs, noFacts, wantsCode } from './bind.watch.ts'

const TICK_MS = 500 // twice a second, or a second would now and then be skipped

Page({
  data: {
    scale: fontScale(),
    view: toBindView(noFacts(0)),
    copyRefused: false,
    busy: false,
  },
  facts: noFacts(0) as BindFacts,
  ticket: '',
  failures: 0,
  visible: false,
  knowsRest: false,
  latest: createLatest(),
  poller: undefined as Poller | undefined,
  clock: 0,

  onLoad({ ticket = '' }: { ticket?: string }) {
    this.facts = noFacts(serverNow())
    this.latest = createLatest() // a page may be open twice, and options are shared
    this.ticket = ticket
    this.poller = createPoller(() => this.look())
    if (ticket) void this.lookAtCard()
  },
  onShow() {
    this.visible = true
    this.facts.renewals = 0
    this.knowsRest = false
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

  /** One look at the server; answers when to look again. */
  async look(): Promise<number | null> {
    if (this.facts.opening || this.ticket) return null
    const isNewest = this.latest.begin()
    try {
      const status = await fetchStatus()
      if (!isNewest()) return null
      this.failures = 0
      const wants = wantsCode({ ...this.facts, code: heldCode(), now: serverNow() }, status)
      const renewed = wants && (await this.renewCode())
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
    const lacksChat = ['confirm', 'ended'].includes(this.data.view.phase) && !this.facts.chat
    if (status.why || this.data.view.phoneUse !== '' || lacksChat) void this.findRest()
  },
  /** What the status does not tell: where the chat is, for who came by a card, and which phone was stated. */
  async findRest() {
    if (this.knowsRest) return
    this.knowsRest = true // asked for once, not at every look
    const me = await fetchMe().catch(() => undefined)
    this.knowsRest = me !== undefined
    if (!me || !this.visible) return
    const { chat, stated } = this.facts
    this.show({
      chat: chat ?? me.support ?? null,
      stated: stated || (me.claim?.phoneMasked ?? ''),
    })
  },

  /** Answers whether there is a new code to show. One that nobody asked for is counted, and refused without a word. */
  async renewCode(byTap = false): Promise<boolean> {
    if (this.data.busy) return false
    const isNewest = this.latest.begin()
    const isFirst = this.facts.status === null
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
          renewals: byTap || isFirst ? 0 : this.facts.renewals + 1,
        })
      return isNewest()
    } catch (error) {
      if (isNewest()) this.showRefusal(error, byTap)
      return false
    } finally {
      this.setData({ busy: false })
    }
  },
  /** A code that is still shown stays; the wait that the server asked for goes onto the button. */
  showRefusal(error: unknown, byTap: boolean) {
    const isTooMany = error instanceof RequestError && error.status === 429
    if (isTooMany) this.show({ waitUntil: serverNow() + (error.retryAfterSeconds || 30) * 1000 })
    if (byTap) return toast(toMessage(error))
    if (!isTooMany && !this.facts.status) this.show({ problem: toProblem(error) })
  },

  /** The item of the chat was asked for by the customer himself; the holder of a card is asked whether he is meant. */
  async lookAtCard() {
    this.show({ opening: true, problem: null })
    try {
      const { kind, advisorName } = await lookAtTicket(this.ticket)
      if (kind !== 'welcome') return await this.useTicket()
      this.show({ opening: false, question: toCardQuestion(advisorName) })
    } catch (error) {
      this.showTicketProblem(error)
    }
  },
  async useTicket() {
    this.show({ opening: true, question: null, problem: null })
    try {
      const status = await openTicket(this.ticket)
      this.ticket = ''
      forgetCode()
      this.take(status, { opening: false })
    } catch (error) {
      this.showTicketProblem(error)
    }
    this.watch()
  },
  /** Nothing came back: the ticket may be good still. An answer that refuses is final. */
  showTicketProblem(error: unknown) {
    if (!(error instanceof RequestError) || (error.status >= 400 && error.status < 500))
      this.ticket = ''
    this.show({
      opening: false,
      problem: this.ticket ? toProblem(error) : toTicketProblem(error),
    })
  },
  /** Looks again in a while, if there is anything to wait for and somebody to show it to. */
  watch() {
    const delayMs = nextLookMs(this.facts, 0)
    if (this.visible && delayMs !== null) this.poller?.start(delayMs)
  },

  onMine() {
    void this.useTicket()
  },
  onNotMine() {
    this.ticket = ''
    this.show({ question: null })
    this.poller?.start(0)
  },
  onDigits() {
    this.show({ digitsOpen: !this.facts.digitsOpen })
  },
  async onCopy() {
    const { code } = this.facts
    if (!code) return
    const copied = await copyText(code.bindCode)
    this.setData({ copyRefused: !copied })
    if (copied) this.show({ copied: true })
  },
  onChat() {
    const { code, chat } = this.facts
    this.enter(isLive(code, serverNow()) ? code : chat)
  },
  /** The help gives way for the try: that it is there again says that this one failed, too. */
  onChatAgain() {
    this.show({ chatRefused: false })
    this.onChat()
  },
  /** Who goes there to paste digits came back without a card: the link has not helped, and he does not use it again. */
  onPaste() {
    this.enter(this.facts.chat)
  },
  /** Nothing is awaited before the chat opens: the platform allows it only inside the tap. */
  enter(link: ChatLink | null) {
    if (link) openChat(link, () => this.show({ chatRefused: true, digitsOpen: true }))
  },
  onClaimed({ detail }: WechatMiniprogram.CustomEvent<{ masked: string }>) {
    this.show({ stated: detail.masked })
    this.poller?.start(0)
  },
  async onAgain() {
    if (this.data.view.again.off) return
    await this.renewCode(true)
    this.watch()
  },
  onProblem() {
    if (this.ticket) return void this.lookAtCard()
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
