import { serverNow } from '../../lib/clock.ts'
import { createLatest } from '../../lib/latest.ts'
import { toMessage, toProblem, type Problem } from '../../lib/problem.ts'
import { confirmed, fontScale, toast } from '../../lib/ui.ts'
import { askFor, fetchRequests, type RightsKind } from '../../services/rights.ts'
import { toRightsView, type RightsView } from './rights.view.ts'

const ERASE =
  '删除后不能恢复：绑定会解除，这里不再显示您的项目和设备档案，您的备注和记录也会删除。公司的订单会保留，但不再写您的姓名、电话和地址。'

Page({
  data: {
    scale: fontScale(),
    view: null as RightsView | null,
    problem: null as Problem | null,
    busy: false,
    asking: '' as RightsKind | '',
  },
  latest: createLatest(),

  onShow() {
    void this.load()
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
      const view = toRightsView(await fetchRequests(), serverNow())
      if (isNewest()) this.setData({ view, problem: null, busy: false })
    } catch (error) {
      if (isNewest()) this.setData({ problem: toProblem(error), busy: false })
    }
  },

  onRetry() {
    this.setData({ busy: true })
    void this.load()
  },
  onExport() {
    void this.ask('export')
  },
  async onErase() {
    const question = { title: '申请删除个人信息？', content: ERASE, confirmText: '申请删除' }
    if (this.data.asking === '' && (await confirmed(question))) void this.ask('erase')
  },
  async ask(kind: RightsKind) {
    if (this.data.asking !== '') return
    this.setData({ asking: kind })
    try {
      this.setData({ view: toRightsView(await askFor(kind), serverNow()) })
      toast('已申请，工作人员会在 15 个工作日内处理')
    } catch (error) {
      toast(toMessage(error))
      void this.load()
    }
    this.setData({ asking: '' })
  },
})
