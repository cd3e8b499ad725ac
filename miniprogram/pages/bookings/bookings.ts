import { serverNow } from '../../lib/clock.ts'
import { createLatest } from '../../lib/latest.ts'
import { toMessage, toProblem, type Problem } from '../../lib/problem.ts'
import { confirmed, endPullDown, fontScale, goTo, PAGES, toast } from '../../lib/ui.ts'
import { cancelBooking, fetchBookings, type BookingPage } from '../../services/bookings.ts'
import { addBookings, toBookingsView, type BookingsView } from './bookings.view.ts'

type Chosen = { currentTarget: { dataset: { id: string; what: string } } }

Page({
  data: {
    scale: fontScale(),
    view: null as BookingsView | null,
    problem: null as Problem | null,
    busy: false,
    /** The booking that is being cancelled. */
    cancelling: '',
  },
  /** From a message: the booking that it is about. */
  marked: '',
  page: { items: [] } as BookingPage,
  latest: createLatest(),

  onLoad({ id = '' }: { id?: string }) {
    this.marked = id
    this.latest = createLatest() // a page may be open twice, and options are shared
  },
  onShow() {
    void this.load()
  },
  onHide() {
    this.latest.drop()
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

  async load() {
    const isNewest = this.latest.begin()
    try {
      const page = await fetchBookings()
      if (isNewest()) this.showPage(page)
    } catch (error) {
      if (!isNewest()) return
      const keep = this.data.view !== null
      this.setData({ busy: false, ...(keep ? {} : { problem: toProblem(error) }) })
      if (keep) toast(toMessage(error))
    }
  },
  showPage(page: BookingPage) {
    this.page = page
    const view = toBookingsView(page, { marked: this.marked, now: serverNow() })
    this.setData({ view, problem: null, busy: false })
  },

  async onMore() {
    const { nextCursor } = this.page
    if (this.data.busy || nextCursor === undefined) return
    const isNewest = this.latest.begin()
    this.setData({ busy: true })
    try {
      const page = await fetchBookings(nextCursor)
      if (isNewest()) this.showPage(addBookings(this.page, page))
    } catch (error) {
      if (isNewest()) this.setData({ busy: false })
      toast(toMessage(error))
    }
  },
  async onCancel({ currentTarget }: Chosen) {
    const { id, what } = currentTarget.dataset
    const question = { title: '确定要取消预约吗？', content: what, confirmText: '取消预约' }
    if (this.data.cancelling !== '' || !(await confirmed(question))) return
    this.setData({ cancelling: id })
    try {
      await cancelBooking(id)
      toast('已取消，顾问会收到通知')
    } catch (error) {
      toast(toMessage(error))
    }
    await this.load()
    this.setData({ cancelling: '' })
  },
  onAdvisors() {
    goTo(PAGES.advisors)
  },
  onRetry() {
    this.setData({ busy: true })
    void this.load()
  },
})
