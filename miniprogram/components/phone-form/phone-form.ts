import { toMessage } from '../../lib/problem.ts'
import { claimPhone } from '../../services/binding.ts'
import { PHONE_WORDS, readPhone, type PhoneUse } from './phone-form.view.ts'

/** 告诉顾问我的手机号: a phone claim (E6). Triggers `claimed` when the server took it. */
Component({
  properties: { use: { type: String, value: 'tell' } },
  data: { open: false, typed: '', hint: '', busy: false, sent: '', words: PHONE_WORDS.tell },
  observers: {
    use(use: PhoneUse) {
      this.setData({ words: PHONE_WORDS[use], ...(use === 'prove' && { open: true }) })
    },
  },
  methods: {
    onOpen() {
      this.setData({ open: true })
    },
    onInput({ detail }: WechatMiniprogram.Input) {
      this.setData({ typed: detail.value, hint: '' })
    },
    async onSubmit() {
      const read = readPhone(this.data.typed)
      if (!read.ok) return this.setData({ hint: read.hint })
      if (this.data.busy) return
      this.setData({ busy: true, hint: '' })
      try {
        await claimPhone(read.phone)
        this.setData({ sent: read.masked })
        this.triggerEvent('claimed')
      } catch (error) {
        this.setData({ hint: toMessage(error) })
      }
      this.setData({ busy: false })
    },
    onChange() {
      this.setData({ sent: '', typed: '' })
    },
  },
})
