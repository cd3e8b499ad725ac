/** A round photo of somebody, or a drawn one; `failed` when the photo did not come, as when its address has ended. */
Component({
  properties: { src: { type: String, value: '' }, large: { type: Boolean, value: false } },
  data: { broken: false },
  observers: {
    src() {
      this.setData({ broken: false })
    },
  },
  methods: {
    onError() {
      this.setData({ broken: true })
      this.triggerEvent('failed')
    },
  },
})
