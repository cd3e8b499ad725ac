import { askConsent, canSubscribe } from '../../lib/subscribe.ts'
import { fetchTemplates, reportConsents } from '../../services/notices.ts'
import { createConsenting, type Consenting } from './notice-consent.asking.ts'
import { toConsentView, type ConsentView } from './notice-consent.view.ts'

type Data = { view: ConsentView }
type Methods = { onTap(): void }
type Own = { consenting: Consenting }

/** 订阅进度通知: asks for leave to send a message, and says how many are left. Nothing where nothing can be sent. */
Component<Data, Record<never, never>, Methods, [], Own>({
  data: { view: toConsentView({ templates: [], outcome: null, busy: false }) },
  lifetimes: {
    attached() {
      this.consenting = createConsenting({
        fetch: fetchTemplates,
        ask: askConsent,
        report: reportConsents,
        show: (view) => this.setData({ view }),
      })
      if (canSubscribe()) void this.consenting.load()
    },
    detached() {
      this.consenting.leave()
    },
  },
  methods: {
    onTap() {
      void this.consenting.onTap()
    },
  },
})
