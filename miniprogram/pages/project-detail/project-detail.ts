import { toProjectView, type ProjectView } from '../../components/project-body/project-body.view.ts'
import { serverNow } from '../../lib/clock.ts'
import { createLatest } from '../../lib/latest.ts'
import { toMessage, toProblem, type Problem } from '../../lib/problem.ts'
import { endPullDown, fontScale, goBack, goTo, PAGES, toast } from '../../lib/ui.ts'
import { fetchMe, type Me } from '../../services/account.ts'
import { tellAction } from '../../services/advisors.ts'
import { fetchProject } from '../../services/projects.ts'

/** Sharing is off: there is no onShareAppMessage on any page with a customer's data. */
Page({
  data: {
    scale: fontScale(),
    view: null as ProjectView | null,
    problem: null as Problem | null,
    advisor: null as {
      name: string
      id: string
      support: NonNullable<Me['support']> | Record<string, never>
    } | null,
    busy: false,
  },
  id: '',
  isTold: false,
  latest: createLatest(),

  onLoad({ id = '' }: { id?: string }) {
    this.id = id
    this.latest = createLatest() // a page may be open twice, and options are shared
    this.isTold = false
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
      if (!isNewest()) return
      this.setData({ view: toProjectView(detail, serverNow()), problem: null, busy: false })
      this.tellAdvisor()
    } catch (error) {
      if (!isNewest()) return
      const problem = toProblem(error)
      const keep =
        this.data.view !== null && (problem.kind === 'offline' || problem.kind === 'error')
      this.setData({ busy: false, ...(keep ? {} : { view: null, problem }) })
      if (keep) toast(toMessage(error))
    }
  },
  /** Once per opening, when both are there: what he looked at, and whom it concerns. */
  tellAdvisor() {
    const { view, advisor } = this.data
    if (this.isTold || !view || !advisor?.id) return
    this.isTold = true
    tellAction(advisor.id, 'view_project')
  },
  async loadAdvisor() {
    const me = await fetchMe().catch(() => null)
    if (!me?.advisor) return
    const { name = '', advisorId: id = '' } = me.advisor
    this.setData({ advisor: { name, id, support: me.support ?? {} } })
    this.tellAdvisor()
  },

  onAction() {
    const kind = this.data.problem?.kind
    if (kind === 'denied') return goTo(PAGES.bind)
    if (kind === 'gone') return goBack()
    this.setData({ busy: true })
    void this.load()
  },
})
