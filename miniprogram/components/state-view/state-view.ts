/** What a page shows instead of its content: `kind` is that of Problem, or 'empty'. The button triggers `action`. */
Component({
  properties: {
    kind: { type: String, value: 'error' },
    title: { type: String, value: '' },
    text: { type: String, value: '' },
    action: { type: String, value: '' },
    trace: { type: String, value: '' },
    busy: { type: Boolean, value: false },
  },
  methods: {
    onTap() {
      this.triggerEvent('action')
    },
  },
})
