import { createLatest } from '../../lib/latest.ts'
import { toMessage, type Problem } from '../../lib/problem.ts'
import { fontScale, PAGES, replaceBy, startAnew, toast } from '../../lib/ui.ts'
import { join, lookAtInvitation } from './services.ts'
import { toJoinProblem } from './join.view.ts'

Page({
  data: {
    scale: fontScale(),
    /** Whom the invitation is for. */
    name: '',
    problem: null as Problem | null,
    busy: false,
  },
  invite: '',
  latest: createLatest(),

  onLoad({ invite = '' }: { invite?: string }) {
    this.invite = invite
    this.latest = createLatest() // a page may be open twice, and options are shared
    void this.load()
  },
  onUnload() {
    this.latest.drop()
  },

  async load() {
    const isNewest = this.latest.begin()
    try {
      const { name } = await lookAtInvitation(this.invite)
      if (isNewest()) this.setData({ name, problem: null, busy: false })
    } catch (error) {
      if (isNewest()) this.setData({ problem: toJoinProblem(error), busy: false })
    }
  },
  async onAccept() {
    if (this.data.busy) return
    const isNewest = this.latest.begin()
    this.setData({ busy: true })
    try {
      await join(this.invite)
      if (!isNewest()) return
      toast('您已成为顾问')
      replaceBy(PAGES.desk)
    } catch (error) {
      if (!isNewest()) return
      const problem = toJoinProblem(error)
      const keep = problem.kind === 'offline' || problem.kind === 'error'
      this.setData({ busy: false, ...(keep ? {} : { problem }) })
      if (keep) toast(toMessage(error))
    }
  },
  onRetry() {
    this.setData({ busy: true })
    void this.load()
  },
  onHome() {
    startAnew()
  },
})
