import { createLatest } from '../../lib/latest.ts'
import { toMessage, toProblem, type Problem } from '../../lib/problem.ts'
import { endPullDown, fontScale, goTo, PAGES, replaceBy, toast } from '../../lib/ui.ts'
import { fetchAdvisors } from '../../services/advisors.ts'
import { addAdvisors, findOnly, type AdvisorsView } from './advisors.view.ts'

type Chosen = { currentTarget: { dataset: { id: string } } }

Page({
  data: {
    scale: fontScale(),
    view: null as AdvisorsView | null,
    problem: null as Problem | null,
    busy: false,
  },
  latest: createLatest(),

  onLoad() {
    void this.load()
  },
  onUnload() {
    this.latest.drop()
  },
  async onPullDownRefresh() {
    await this.load()
    endPullDown()
  },
  onReachBottom() {
    void this.onMore()
  },
  onShareAppMessage() {
    return { title: '我们的顾问', path: PAGES.advisors }
  },

  async load() {
    const isNewest = this.latest.begin()
    try {
      const page = await fetchAdvisors()
      if (!isNewest()) return
      const only = findOnly(page)
      if (only !== null) return replaceBy(PAGES.advisor(only))
      this.setData({ view: addAdvisors(null, page), problem: null, busy: false })
    } catch (error) {
      if (!isNewest()) return
      const keep = this.data.view !== null
      this.setData({ busy: false, ...(keep ? {} : { problem: toProblem(error) }) })
      if (keep) toast(toMessage(error))
    }
  },

  async onMore() {
    const { view, busy } = this.data
    if (busy || !view || view.cursor === '') return
    const isNewest = this.latest.begin()
    this.setData({ busy: true })
    try {
      const page = await fetchAdvisors(view.cursor)
      if (isNewest()) this.setData({ view: addAdvisors(view, page), busy: false })
    } catch (error) {
      if (isNewest()) this.setData({ busy: false })
      toast(toMessage(error))
    }
  },
  onAdvisor({ currentTarget }: Chosen) {
    goTo(PAGES.advisor(currentTarget.dataset.id))
  },
  onRetry() {
    this.setData({ busy: true })
    void this.load()
  },
})
