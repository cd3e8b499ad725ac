import { createLatest } from '../../lib/latest.ts'
import { toMessage, toProblem, type Problem } from '../../lib/problem.ts'
import { confirmed, fontScale, goTo, openChat, PAGES, startAnew, toast } from '../../lib/ui.ts'
import { endBinding, fetchMe } from '../../services/account.ts'
import { isAdvisor } from '../../services/advisor-self.ts'
import { knowAdvisors } from '../../services/advisors.ts'
import { forgetCode } from '../../services/binding.ts'
import { toMeView, type MeView } from './me.view.ts'

const UNBIND = {
  title: '确定要解除绑定吗？',
  content: '解绑后将不能在这里查看项目进度，已有的项目不受影响。以后可以重新绑定。',
  confirmText: '解除绑定',
}

Page({
  data: {
    scale: fontScale(),
    view: null as MeView | null,
    problem: null as Problem | null,
    busy: false,
    unbinding: false,
    /** The company has advisors to book. */
    books: false,
    isAdvisor: false,
  },
  latest: createLatest(),

  onShow() {
    void this.load()
    void this.findOffers()
  },
  onHide() {
    this.latest.drop()
  },
  onUnload() {
    this.latest.drop()
  },

  async load() {
    const isNewest = this.latest.begin()
    try {
      const view = toMeView(await fetchMe())
      if (isNewest()) this.setData({ view, problem: null, busy: false })
    } catch (error) {
      if (isNewest()) this.setData({ problem: toProblem(error), busy: false })
    }
  },
  /** Lines that not everybody has; without an answer they stay as they were. */
  async findOffers() {
    this.setData({ books: (await knowAdvisors()).items.length > 0 })
    this.setData({ isAdvisor: await isAdvisor() })
  },

  onRetry() {
    this.setData({ busy: true })
    void this.load()
    void this.findOffers()
  },
  onBind() {
    goTo(PAGES.bind)
  },
  onSample() {
    goTo(PAGES.sample)
  },
  onBookings() {
    goTo(PAGES.bookings)
  },
  onDesk() {
    goTo(PAGES.desk)
  },
  onRights() {
    goTo(PAGES.rights)
  },
  onSupport() {
    const { support = null } = this.data.view ?? {}
    if (support) openChat(support)
  },
  onPrivacy() {
    if (typeof wx.openPrivacyContract === 'function')
      wx.openPrivacyContract({ fail: () => toast('暂时打不开，请稍后再试') })
    else toast('请把微信更新到新版本后查看')
  },
  async onUnbind() {
    if (this.data.unbinding || !(await confirmed(UNBIND))) return
    this.setData({ unbinding: true })
    try {
      await endBinding()
      forgetCode()
      startAnew()
      return toast('已解除绑定')
    } catch (error) {
      toast(toMessage(error))
    }
    this.setData({ unbinding: false })
  },
})
