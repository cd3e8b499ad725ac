import { serverNow } from '../../lib/clock.ts'
import { createLatest } from '../../lib/latest.ts'
import { toMessage, type Problem } from '../../lib/problem.ts'
import { confirmed, endPullDown, fontScale, goBack, startAnew, toast } from '../../lib/ui.ts'
import { LEAD_STATES } from '../../../shared/advisors.ts'
import { LEAD_CHOICES, toDetailView, type DetailView } from './detail.view.ts'
import { toAdvisorProblem } from './problem.ts'
import {
  fetchCustomer,
  moveBooking,
  revealPhone,
  saveLead,
  type AdvisorBooking,
} from './services.ts'

type Move = {
  currentTarget: { dataset: { id: string; what: string; to: AdvisorBooking['state'] } }
}

Page({
  data: {
    scale: fontScale(),
    choices: LEAD_CHOICES,
    view: null as DetailView | null,
    problem: null as Problem | null,
    /** What is under way: one thing at a time. */
    busy: '' as '' | 'load' | 'phone' | 'lead' | `booking ${string}`,
    /** The whole number, once he has asked for it. */
    phone: '',
    /** What he has written and not saved yet; null: nothing. */
    note: null as string | null,
  },
  id: '',
  latest: createLatest(),

  onLoad({ id = '' }: { id?: string }) {
    this.id = id
    this.latest = createLatest() // a page may be open twice, and options are shared
    void this.load()
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
      const view = toDetailView(await fetchCustomer(this.id), serverNow())
      if (isNewest()) this.setData({ view, problem: null, busy: '' })
    } catch (error) {
      if (!isNewest()) return
      const problem = toAdvisorProblem(error)
      const keep =
        this.data.view !== null && (problem.kind === 'offline' || problem.kind === 'error')
      this.setData({ busy: '', ...(keep ? {} : { view: null, problem }) })
      if (keep) toast(toMessage(error))
    }
  },
  /** Does one thing and shows how everything stands then; a refusal is told. */
  async act(busy: 'phone' | 'lead' | `booking ${string}`, action: () => Promise<string>) {
    if (this.data.busy !== '') return
    this.setData({ busy })
    try {
      const said = await action()
      if (said !== '') toast(said)
    } catch (error) {
      toast(toMessage(error))
    }
    await this.load()
    this.setData({ busy: '' })
  },

  onCall() {
    const lead = this.data.view?.lead
    if (!lead) return
    if (this.data.phone !== '') return call(this.data.phone)
    void this.act('phone', async () => {
      const phone = await revealPhone(lead.id)
      this.setData({ phone })
      call(phone)
      return ''
    })
  },
  onState({ detail }: { detail: { value: string | number } }) {
    const lead = this.data.view?.lead
    const state = LEAD_STATES[Number(detail.value)]
    if (!lead || state === undefined || LEAD_STATES[lead.state] === state) return
    void this.act('lead', async () => {
      await saveLead(lead.id, { state })
      return '已保存'
    })
  },
  onNote({ detail }: WechatMiniprogram.Input) {
    this.setData({ note: detail.value })
  },
  onSave() {
    const lead = this.data.view?.lead
    const { note } = this.data
    if (!lead || note === null) return
    void this.act('lead', async () => {
      await saveLead(lead.id, { note: note.trim() === '' ? null : note.trim() })
      this.setData({ note: null })
      return '已保存'
    })
  },
  async onMove({ currentTarget }: Move) {
    const { id, what, to } = currentTarget.dataset
    const question = { title: '确定要取消这个预约吗？', content: what, confirmText: '取消预约' }
    if (this.data.busy !== '' || (to === '已取消' && !(await confirmed(question)))) return
    void this.act(`booking ${id}`, async () => {
      await moveBooking(id, to)
      return '已更新，会通知客户'
    })
  },
  onAction() {
    const kind = this.data.problem?.kind
    if (kind === 'denied') return startAnew()
    if (kind === 'gone') return goBack()
    this.setData({ busy: 'load' })
    void this.load()
  },
})

/** Who thinks better of it has still seen the number: no word about that. */
function call(phoneNumber: string): void {
  wx.makePhoneCall({ phoneNumber, fail: () => {} })
}
