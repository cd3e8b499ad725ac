import { serverNow } from '../../lib/clock.ts'
import { createLatest } from '../../lib/latest.ts'
import { toMessage, toProblem, type Problem } from '../../lib/problem.ts'
import {
  endPullDown,
  fontScale,
  goTo,
  openChat,
  PAGES,
  toast,
  type ChatLink,
} from '../../lib/ui.ts'
import { fetchMe } from '../../services/account.ts'
import { fetchProjects, listGrownAt, PAGE_SIZE } from '../../services/projects.ts'
import { addPage, countOf, NO_PROJECTS, type ProjectsView } from './projects.view.ts'

const FRESH_MS = 15_000

Page({
  data: {
    scale: fontScale(),
    view: null as ProjectsView | null,
    problem: null as Problem | null,
    busy: false,
    more: 'idle' as 'idle' | 'loading' | 'failed',
    /** The chat, for who has no project. */
    support: null as ChatLink | null,
  },
  latest: createLatest(),
  loadedAt: 0,

  onShow() {
    const { view } = this.data
    const isLong = view !== null && countOf(view) > PAGE_SIZE // somebody who comes back from a project keeps his place
    const lacksOne = this.loadedAt <= listGrownAt()
    if (!view || lacksOne || (!isLong && Date.now() - this.loadedAt > FRESH_MS)) void this.refresh()
  },
  onHide() {
    this.latest.drop()
  },
  onUnload() {
    this.latest.drop()
  },
  async onPullDownRefresh() {
    await this.refresh()
    endPullDown()
  },
  onReachBottom() {
    if (this.data.more === 'idle') void this.loadMore()
  },

  /** From the top. A customer who has scrolled keeps what he sees when it fails, unless he may not see it any more. */
  async refresh() {
    const isNewest = this.latest.begin()
    const askedAt = Date.now()
    try {
      const page = await fetchProjects()
      if (!isNewest()) return
      this.loadedAt = askedAt // what happened while the answer was under way may be missing in it
      this.setData({
        view: addPage(NO_PROJECTS, page, serverNow()),
        problem: null,
        busy: false,
        more: 'idle',
      })
      if (page.items.length === 0) await this.findSupport()
    } catch (error) {
      if (!isNewest()) return
      const problem = toProblem(error)
      const keep = this.data.view !== null && problem.kind !== 'denied'
      this.setData({ busy: false, more: 'idle', ...(keep ? {} : { view: null, problem }) })
      if (keep) toast(toMessage(error))
    }
  },
  /** Before the tap: the platform opens the chat only inside it. */
  async findSupport() {
    const me = await fetchMe().catch(() => undefined)
    if (me?.support) this.setData({ support: me.support })
  },
  async loadMore() {
    const { view } = this.data
    if (!view || view.cursor === '') return
    const isNewest = this.latest.begin()
    this.setData({ more: 'loading' })
    try {
      const page = await fetchProjects({ cursor: view.cursor })
      if (isNewest()) this.setData({ view: addPage(view, page, serverNow()), more: 'idle' })
    } catch (error) {
      if (!isNewest()) return
      this.setData({ more: 'failed' })
      toast(toMessage(error))
    }
  },

  onMore() {
    void this.loadMore()
  },
  onAction() {
    if (this.data.problem?.kind === 'denied') return goTo(PAGES.bind)
    this.setData({ busy: true })
    void this.refresh()
  },
  onSupport() {
    if (this.data.support) openChat(this.data.support)
  },
  onFound() {
    void this.refresh()
  },
  onSample() {
    goTo(PAGES.sample)
  },
})
