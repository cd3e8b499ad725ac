import { toMessage } from '../../lib/problem.ts'
import { claimPhone } from '../../services/binding.ts'
import { isMain, PHONE_WORDS, readPhone, type PhoneUse } from './phone-form.view.ts'

/**
 * 告诉顾问我的手机号: a phone claim (E6), and afterwards the number that was stated, masked, with 改号码. `stated`: what the
 * server knows of it. Triggers `claimed` when the server took one.
 */
Component({
  properties: { use: { type: String, value: 'tell' }, stated: { type: String, value: '' } },
  data: {
    open: false,
    typed: '',
    hint: '',
    busy: false,
    sent: '',
    editing: false,
    words: PHONE_WORDS.tell,
  },
  observers: {
    use(use: PhoneUse) {
      this.setData({ words: PHONE_WORDS[use], ...(isMain(use) && { open: true }) })
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
        this.setData({ sent: read.masked, editing: false, typed: '' })
        this.triggerEvent('claimed', { masked: read.masked })
      } catch (error) {
        this.setData({ hint: toMessage(error) })
      }
      this.setData({ busy: false })
    },
    onChange() {
      this.setData({ editing: true, typed: '', hint: '' })
    },
    onKeep() {
      this.setData({ editing: false })
    },
  },
})
