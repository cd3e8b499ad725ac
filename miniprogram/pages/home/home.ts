import { serverNow } from '../../lib/clock.ts'
import { createLatest } from '../../lib/latest.ts'
import { createPoller, type Poller } from '../../lib/poller.ts'
import { toProblem, type Problem } from '../../lib/problem.ts'
import { endPullDown, fontScale, goTo, openChat, PAGES } from '../../lib/ui.ts'
import { fetchMe } from '../../services/account.ts'
import { knowAdvisors } from '../../services/advisors.ts'
import { fetchProjects } from '../../services/projects.ts'
import { toAdvisorEntry, type AdvisorEntry } from '../advisors/advisors.view.ts'
import { toHomeProjects, toHomeView, type HomeProjects, type HomeView } from './home.view.ts'

const LOOK_AGAIN_MS = 10_000
/** Among so many that changed last is the one that runs. */
const LOOKED_AT = 10

Page({
  data: {
    scale: fontScale(),
    view: null as HomeView | null,
    problem: null as Problem | null,
    /** `failed`: he may look, and the list did not come; the button leads to the page that tries again. */
    projects: 'loading' as 'loading' | 'none' | 'some' | 'failed',
    home: null as HomeProjects | null,
    /** The way to the company's advisors; null: it shows none. */
    advisors: null as AdvisorEntry | null,
    busy: false,
  },
  latest: createLatest(),
  poller: undefined as Poller | undefined,

  onLoad() {
    this.poller = createPoller(async () => {
      await this.load()
      return this.data.view?.looksAgain || this.data.problem ? LOOK_AGAIN_MS : null
    })
  },
  onShow() {
    this.poller?.start(0)
    void this.loadAdvisors()
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
    endPullDown()
  },

  async load() {
    const isNewest = this.latest.begin()
    try {
      const view = toHomeView(await fetchMe(), serverNow())
      if (!isNewest()) return
      this.setData({ view, problem: null, busy: false })
      if (view.mayQuery) await this.loadProjects(isNewest)
      else this.setData({ projects: 'loading', home: null })
    } catch (error) {
      if (isNewest()) this.setData({ problem: toProblem(error), busy: false })
    }
  },
  /** What was shown stays while it is loaded anew, and when that fails. */
  async loadProjects(isNewest: () => boolean) {
    const page = await fetchProjects({ limit: LOOKED_AT }).catch(() => null)
    if (!isNewest()) return
    if (page) {
      const home = toHomeProjects(page, serverNow())
      this.setData({ home, projects: home ? 'some' : 'none' })
    } else if (!this.data.home) this.setData({ projects: 'failed' })
  },

  async loadAdvisors() {
    this.setData({ advisors: toAdvisorEntry(await knowAdvisors()) })
  },

  onRetry() {
    this.setData({ busy: true })
    this.poller?.start(0)
  },
  onNext() {
    const { url = '', support = null } = this.data.view ?? {}
    if (this.data.projects === 'none') this.onSupport()
    else if (support) openChat(support)
    else if (url) goTo(url)
  },
  onSupport() {
    const { chat = null } = this.data.view ?? {}
    if (chat) openChat(chat)
  },
  onProject() {
    if (this.data.home) goTo(PAGES.project(this.data.home.main.id))
  },
  onAll() {
    goTo(PAGES.projects)
  },
  onAdvisors() {
    if (this.data.advisors) goTo(this.data.advisors.url)
  },
  onSample() {
    goTo(PAGES.sample)
  },
})
