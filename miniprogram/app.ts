import { confirmed } from './lib/ui.ts'
import { signInAhead } from './services/account.ts'

App({
  onLaunch() {
    void signInAhead()
    offerUpdate()
  },
})

/** A new version is loaded in the background; without this the customer sees it only at the start after next. */
function offerUpdate(): void {
  if (typeof wx.getUpdateManager !== 'function') return
  const updates = wx.getUpdateManager()
  updates.onUpdateReady(() => {
    void confirmed({
      title: '有新版本',
      content: '新版本已经准备好，重启后即可使用。',
      confirmText: '现在重启',
      cancelText: '稍后',
    }).then((now) => {
      if (now) updates.applyUpdate()
    })
  })
}
