import { serverNow } from '../../lib/clock.ts'
import { createLatest } from '../../lib/latest.ts'
import { PICTURES_END_MS } from '../../lib/picture.ts'
import { toMessage, toProblem, type Problem } from '../../lib/problem.ts'
import { endPullDown, fontScale, goBack, goTo, openChat, PAGES, toast } from '../../lib/ui.ts'
import { fetchMe } from '../../services/account.ts'
import { fetchAdvisor, tellAction } from '../../services/advisors.ts'
import { toAdvisorView, toAlbum, toShare, type AdvisorView } from './advisor.view.ts'

type Shown = { currentTarget: { dataset: { section: number; picture: number } } }

const LOOK_AGAIN_MS = 60_000

Page({
  data: {
    scale: fontScale(),
    view: null as AdvisorView | null,
    problem: null as Problem | null,
    busy: false,
    books: false,
    /** What was booked just now, in words. */
    booked: '',
    asksPhone: false,
  },
  id: '',
  loadedAt: 0,
  latest: createLatest(),

  onLoad({ id = '' }: { id?: string }) {
    this.id = id
    this.latest = createLatest() // a page may be open twice, and options are shared
    void this.open()
    void this.findPhone()
  },
  onUnload() {
    this.latest.drop()
  },
  async onPullDownRefresh() {
    await this.load()
    endPullDown()
  },
  onShareAppMessage(): WechatMiniprogram.Page.ICustomShareContent {
    return this.data.view ? toShare(this.data.view) : { path: PAGES.advisors }
  },

  async open() {
    if (await this.load()) tellAction(this.id, 'view_resume')
  },
  /** Answers whether it came. What is shown stays when it did not, unless there is no such advisor any more. */
  async load(): Promise<boolean> {
    const isNewest = this.latest.begin()
    try {
      const view = toAdvisorView(await fetchAdvisor(this.id))
      if (!isNewest()) return false
      this.loadedAt = serverNow()
      this.setData({ view, problem: null, busy: false })
      return true
    } catch (error) {
      if (!isNewest()) return false
      const problem = toProblem(error)
      const keep = this.data.view !== null && problem.kind !== 'gone'
      this.setData({ busy: false, ...(keep ? {} : { view: null, problem }) })
      if (keep) toast(toMessage(error))
      return false
    }
  },
  /** Whose phone is proven is not asked for it again. */
  async findPhone() {
    const me = await fetchMe().catch(() => null)
    if (me) this.setData({ asksPhone: me.phoneMasked === undefined })
  },

  /** Addresses of pictures end: they are asked for again, and not over and over. */
  onPictureFailed() {
    if (serverNow() - this.loadedAt > LOOK_AGAIN_MS) void this.load()
  },
  async onPicture({ currentTarget }: Shown) {
    if (serverNow() - this.loadedAt > PICTURES_END_MS) await this.load()
    const album = this.data.view && toAlbum(this.data.view, currentTarget.dataset)
    if (album) wx.previewImage({ ...album, fail: () => toast('图片没有打开，请再试一次') })
  },
  onContact() {
    const { view } = this.data
    if (!view?.support) return
    tellAction(view.id, 'contact_advisor') // not waited for: the chat opens only in the tap itself
    openChat(view.support)
  },
  onBook() {
    this.setData({ books: !this.data.books, booked: '' })
  },
  onBooked({ detail }: { detail: { text: string } }) {
    this.setData({ booked: detail.text, books: false })
  },
  onBookings() {
    goTo(PAGES.bookings)
  },
  onAction() {
    if (this.data.problem?.kind === 'gone') return goBack()
    this.setData({ busy: true })
    void this.open()
  },
})
