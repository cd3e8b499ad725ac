const PHONE_WIDEST_PX = 520

/** On a wide screen the page shows itself in a phone: rpx are parts of the window's width. Answers whether it did. */
export function frameWhenWide(): boolean {
  if (window.parent !== window || innerWidth <= PHONE_WIDEST_PX) return false
  document.body.className = 'mp-desk'
  const phone = Object.assign(document.createElement('iframe'), {
    src: location.href,
    title: '小程序预览',
    allow: 'clipboard-read; clipboard-write',
  })
  const link = Object.assign(document.createElement('a'), {
    href: '/playground',
    textContent: '在演示台里看全貌 →',
  })
  document.body.append(phone, link)
  return true
}
