import { toProjectView, type ProjectView } from '../../components/project-body/project-body.view.ts'
import { serverNow } from '../../lib/clock.ts'
import { createLatest } from '../../lib/latest.ts'
import { toMessage, toProblem, type Problem } from '../../lib/problem.ts'
import { endPullDown, fontScale, goBack, goTo, PAGES, toast } from '../../lib/ui.ts'
import { fetchMe, type Me } from '../../services/account.ts'
import { fetchProject } from '../../services/projects.ts'

/** Sharing is off: there is no onShareAppMessage on any page with a customer's data. */
Page({
  data: {
    scale: fontScale(),
    view: null as ProjectView | null,
    problem: null as Problem | null,
    advisor: null as {
      name: string
      support: NonNullable<Me['support']> | Record<string, never>
    } | null,
    busy: false,
  },
  id: '',
  latest: createLatest(),

  onLoad({ id = '' }: { id?: string }) {
    this.id = id
    this.latest = createLatest() // a page may be open twice, and options are shared
    void this.load()
    void this.loadAdvisor()
  },
  onUnload() {
    this.latest.drop()
  },
  async onPullDownRefresh() {
    await this.load()
    endPullDown()
  },

  async load() {
    const isNewest = this.latest.begin()
    try {
      const detail = await fetchProject(this.id)
      if (isNewest())
        this.setData({ view: toProjectView(detail, serverNow()), problem: null, busy: false })
    } catch (error) {
      if (!isNewest()) return
      const problem = toProblem(error)
      const keep =
        this.data.view !== null && (problem.kind === 'offline' || problem.kind === 'error')
      this.setData({ busy: false, ...(keep ? {} : { view: null, problem }) })
      if (keep) toast(toMessage(error))
    }
  },
  async loadAdvisor() {
    const me = await fetchMe().catch(() => null)
    if (me?.advisor)
      this.setData({ advisor: { name: me.advisor.name ?? '', support: me.support ?? {} } })
  },

  onAction() {
    const kind = this.data.problem?.kind
    if (kind === 'denied') return goTo(PAGES.bind)
    if (kind === 'gone') return goBack()
    this.setData({ busy: true })
    void this.load()
  },
})
