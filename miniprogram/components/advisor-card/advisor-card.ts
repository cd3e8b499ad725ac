import { openChat, toast } from '../../lib/ui.ts'

/** The customer's advisor; with `support` (a ChatLink) there is a button to the chat. */
Component({
  properties: {
    name: { type: String, value: '' },
    support: { type: Object, value: {} },
  },
  methods: {
    onChat() {
      const { kfUrl, corpId } = this.data.support as { kfUrl?: string; corpId?: string }
      if (kfUrl && corpId)
        openChat({ kfUrl, corpId }, () => toast('这台设备打不开客服聊天，请在微信里直接联系顾问'))
    },
  },
})
