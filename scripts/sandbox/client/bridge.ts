/** The function through which a page reaches the client outside the browser: no policy of the page stands in its way. */
export const CHANNEL = '__wecomClient'

/**
 * Runs in the page before its own scripts. The bridge comes late, as on Android: a page that does not wait for it is
 * found out. What it carries becomes JSON on the way, as in the real one.
 */
export const BRIDGE = `
(() => {
  'use strict'
  const loaded = String(Math.random())
  const bridge = {
    on: () => {},
    invoke: (name, params, done) => {
      const call = JSON.parse(JSON.stringify({ document: loaded, name, params: params || {} }))
      window.${CHANNEL}(call).then((answer) => { if (done) done(answer) })
    },
  }
  document.addEventListener('DOMContentLoaded', () => setTimeout(() => {
    window.WeixinJSBridge = bridge
    document.dispatchEvent(new Event('WeixinJSBridgeReady'))
  }, 30))
})()
`
