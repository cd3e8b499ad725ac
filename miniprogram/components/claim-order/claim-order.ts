import { goTo, PAGES } from '../../lib/ui.ts'
import { askAdvisor, claimOrder } from '../../services/projects.ts'
import { createAsking, type Asking } from './claim-order.asking.ts'
import { CLAIM_WORDS, CLOSED, type ClaimView } from './claim-order.view.ts'

type Data = ClaimView & { words: typeof CLAIM_WORDS }
type Methods = {
  onOpen(): void
  onInput(event: WechatMiniprogram.Input): void
  onSubmit(): void
  onAsk(): void
  onAgain(): void
}
type Own = { asking: Asking; visible: boolean }

/** 没看到订单？输入订单号. Triggers `found` when the list has a project more, then opens it. */
Component<Data, Record<never, never>, Methods, [], Own>({
  data: { ...CLOSED, words: CLAIM_WORDS },
  lifetimes: {
    attached() {
      this.visible = true
      this.asking = createAsking({
        claim: claimOrder,
        askAdvisor,
        show: (news) => this.setData(news),
        onFound: (id) => {
          this.triggerEvent('found')
          if (id !== null && this.visible) goTo(PAGES.project(id)) // who went elsewhere meanwhile stays there
        },
        now: Date.now,
      })
    },
    detached() {
      this.asking.leave()
    },
  },
  pageLifetimes: {
    show() {
      this.visible = true
    },
    hide() {
      this.visible = false
    },
  },
  methods: {
    onOpen() {
      this.asking.open()
    },
    onInput({ detail }) {
      this.asking.type(detail.value)
    },
    onSubmit() {
      void this.asking.submit()
    },
    onAsk() {
      void this.asking.ask()
    },
    onAgain() {
      this.asking.again()
    },
  },
})
