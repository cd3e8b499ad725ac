type Answer = (result: { event: 'agree' | 'disagree'; buttonId?: string }) => void

/** Those who wait for the customer's answer: several calls may ask at the same time. */
const waiting = new Set<Answer>()

/**
 * The sheet that asks before an API that touches privacy (clipboard). The platform calls the listener that was set
 * last, so the gate of the page in front takes its turn on every show.
 */
Component({
  data: { open: false },
  lifetimes: {
    attached() {
      this.listen()
    },
    detached() {
      this.finish({ event: 'disagree' })
    },
  },
  pageLifetimes: {
    show() {
      this.listen()
    },
  },
  methods: {
    listen() {
      if (typeof wx.onNeedPrivacyAuthorization !== 'function') return
      wx.onNeedPrivacyAuthorization((resolve) => {
        waiting.add(resolve as unknown as Answer) // the typings describe another callback
        this.setData({ open: true })
      })
    },
    finish(result: { event: 'agree' | 'disagree'; buttonId?: string }) {
      const answers = [...waiting]
      waiting.clear()
      answers.forEach((answer) => answer(result))
      if (this.data.open) this.setData({ open: false })
    },
    onAgree() {
      this.finish({ event: 'agree', buttonId: 'privacy-agree' })
    },
    onRefuse() {
      this.finish({ event: 'disagree' })
    },
    onRead() {
      if (typeof wx.openPrivacyContract === 'function') wx.openPrivacyContract({})
    },
    onNothing() {},
  },
})
