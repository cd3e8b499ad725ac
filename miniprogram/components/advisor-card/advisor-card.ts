import { openChat } from '../../lib/ui.ts'

/** The customer's advisor; with `support` (a ChatLink) there is a button to the chat. */
Component({
  properties: {
    name: { type: String, value: '' },
    support: { type: Object, value: {} },
  },
  methods: {
    onChat() {
      const { kfUrl, corpId } = this.data.support as { kfUrl?: string; corpId?: string }
      if (kfUrl && corpId) openChat({ kfUrl, corpId })
    },
  },
})
