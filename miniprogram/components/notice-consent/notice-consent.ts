import { askConsent, canSubscribe } from '../../lib/subscribe.ts'
import { fetchTemplates, reportConsents } from '../../services/notices.ts'
import { createConsenting, type Consenting } from './notice-consent.asking.ts'
import {
  NOTHING_ASKED,
  toConsentView,
  type ConsentKind,
  type ConsentView,
} from './notice-consent.view.ts'

type Data = { view: ConsentView }
type Properties = { kind: { type: StringConstructor; value: string } }
type Methods = { onTap(): void }
type Own = { consenting: Consenting }

/** Asks for leave to send a message of this kind, and says how many are left. Nothing where nothing can be sent. */
Component<Data, Properties, Methods, [], Own>({
  properties: { kind: { type: String, value: 'stage' } },
  data: { view: toConsentView(NOTHING_ASKED, 'stage') },
  lifetimes: {
    attached() {
      const kind = this.data.kind as ConsentKind
      this.consenting = createConsenting({
        fetch: () => fetchTemplates(kind),
        ask: askConsent,
        report: (consents) => reportConsents(consents, kind),
        show: (facts) => this.setData({ view: toConsentView(facts, kind) }),
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
