import {
  toProjectCard,
  type ProjectCardView,
} from '../../components/project-card/project-card.view.ts'
import { serverNow } from '../../lib/clock.ts'
import { createLatest } from '../../lib/latest.ts'
import { createPoller, type Poller } from '../../lib/poller.ts'
import { toProblem, type Problem } from '../../lib/problem.ts'
import { fontScale, goTo, PAGES } from '../../lib/ui.ts'
import { fetchMe } from '../../services/account.ts'
import { fetchProjects } from '../../services/projects.ts'
import { toHomeView, type HomeView } from './home.view.ts'

const LOOK_AGAIN_MS = 10_000
const SHOWN_PROJECTS = 2

Page({
  data: {
    scale: fontScale(),
    view: null as HomeView | null,
    problem: null as Problem | null,
    projects: [] as ProjectCardView[],
    busy: false,
  },
  latest: createLatest(),
  poller: undefined as Poller | undefined,

  onLoad() {
    this.poller = createPoller(async () => {
      await this.load()
      return this.data.view?.waiting || this.data.problem ? LOOK_AGAIN_MS : null
    })
  },
  onShow() {
    this.poller?.start(0)
  },
  onHide() {
    this.poller?.stop()
    this.latest.drop()
  },
  onUnload() {
    this.poller?.stop()
    this.latest.drop()
  },
  async onPullDownRefresh() {
    await this.load()
    void wx.stopPullDownRefresh()
  },

  async load() {
    const isNewest = this.latest.begin()
    try {
      const view = toHomeView(await fetchMe(), serverNow())
      if (!isNewest()) return
      this.setData({ view, problem: null, busy: false })
      if (view.showProjects) await this.loadProjects(isNewest)
    } catch (error) {
      if (isNewest()) this.setData({ problem: toProblem(error), busy: false })
    }
  },
  /** A foretaste of the project list; without it the button above still leads there. */
  async loadProjects(isNewest: () => boolean) {
    const { items } = await fetchProjects({ limit: SHOWN_PROJECTS }).catch(() => ({ items: [] }))
    if (isNewest())
      this.setData({ projects: items.map((item) => toProjectCard(item, serverNow())) })
  },

  onRetry() {
    this.setData({ busy: true })
    this.poller?.start(0)
  },
  onNext() {
    const url = this.data.view?.url
    if (url) goTo(url)
  },
  onSample() {
    goTo(PAGES.sample)
  },
})
