import { goTo, openChat, PAGES } from '../../lib/ui.ts'

/**
 * The customer's advisor; with `support` (a ChatLink) there is a button to the chat, with `advisorId` one to
 * his page.
 */
Component({
  properties: {
    name: { type: String, value: '' },
    support: { type: Object, value: {} },
    advisorId: { type: String, value: '' },
  },
  methods: {
    onPage() {
      goTo(PAGES.advisor(this.data.advisorId))
    },
    onChat() {
      const { kfUrl, corpId } = this.data.support as { kfUrl?: string; corpId?: string }
      if (kfUrl && corpId) openChat({ kfUrl, corpId })
    },
  },
})
