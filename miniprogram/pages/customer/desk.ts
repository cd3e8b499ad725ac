import {
  createConsenting,
  type Consenting,
} from '../../components/notice-consent/notice-consent.asking.ts'
import { NOTHING_ASKED } from '../../components/notice-consent/notice-consent.view.ts'
import { createLatest } from '../../lib/latest.ts'
import { toPictureUrl } from '../../lib/picture.ts'
import type { Problem } from '../../lib/problem.ts'
import { askConsent, canSubscribe } from '../../lib/subscribe.ts'
import { endPullDown, fontScale, goTo, startAnew } from '../../lib/ui.ts'
import { fetchSelf } from '../../services/advisor-self.ts'
import { fetchTemplates, reportConsents } from '../../services/notices.ts'
import { createLists, EMPTY, NOT_SHOWN, TABS, type Tab } from './desk.lists.ts'
import { toDeskConsent, type ActionLine, type BookingDay, type LeadLine } from './desk.view.ts'
import type { Paged } from './paged.ts'
import { toAdvisorProblem } from './problem.ts'

type Chosen = { currentTarget: { dataset: { tab: Tab; id: string } } }

const TEMPLATES = ['newCustomer', 'booking'] as const

Page({
  data: {
    scale: fontScale(),
    self: null as { name: string; title: string; face: string } | null,
    problem: null as Problem | null,
    busy: false,
    consent: toDeskConsent(NOTHING_ASKED),
    tabs: TABS,
    empty: EMPTY,
    tab: 'actions' as Tab,
    list: NOT_SHOWN,
    actions: [] as ActionLine[],
    leads: [] as LeadLine[],
    days: [] as BookingDay[],
  },
  latest: createLatest(),
  consenting: undefined as Consenting | undefined,
  lists: undefined as Record<Tab, Paged> | undefined,

  onLoad() {
    this.latest = createLatest() // a page may be open twice, and options are shared
    this.consenting = createConsenting({
      fetch: () => fetchTemplates(...TEMPLATES),
      ask: askConsent,
      report: (consents) => reportConsents(consents, ...TEMPLATES),
      show: (facts) => this.setData({ consent: toDeskConsent(facts) }),
    })
    this.lists = createLists((tab, shown) => {
      if (this.data.tab === tab) this.setData(shown)
    })
  },
  onShow() {
    void this.load()
  },
  onUnload() {
    this.latest.drop()
    this.consenting?.leave()
    for (const list of Object.values(this.lists ?? {})) list.leave()
  },
  async onPullDownRefresh() {
    await this.load()
    endPullDown()
  },
  onReachBottom() {
    void this.lists?.[this.data.tab].more()
  },

  /** Who he is, what he may still be told, and the list in front. */
  async load() {
    const isNewest = this.latest.begin()
    try {
      const { advisor } = await fetchSelf()
      if (!isNewest()) return
      const { name, title, photo } = advisor
      const face = photo ? toPictureUrl(photo.thumb) : ''
      this.setData({ self: { name, title: title ?? '', face }, problem: null, busy: false })
    } catch (error) {
      if (isNewest()) this.setData({ problem: toAdvisorProblem(error), busy: false })
      return
    }
    if (canSubscribe()) void this.consenting?.load()
    await this.lists?.[this.data.tab].refresh()
  },

  onTab({ currentTarget }: Chosen) {
    const { tab } = currentTarget.dataset
    if (tab === this.data.tab) return
    this.setData({ tab, list: NOT_SHOWN })
    void this.lists?.[tab].refresh()
  },
  onSubscribe() {
    void this.consenting?.onTap()
  },
  onCustomer({ currentTarget }: Chosen) {
    goTo(`/pages/customer/detail?id=${currentTarget.dataset.id}`)
  },
  onMore() {
    void this.lists?.[this.data.tab].more()
  },
  onAgain() {
    void this.lists?.[this.data.tab].refresh()
  },
  onAction() {
    if (this.data.problem?.kind === 'denied') return startAnew()
    this.setData({ busy: true })
    void this.load()
  },
})
