/** The customer's own font size in WeChat, as a factor for our sizes; above 1.4 the 320 px layouts would break. */
export function fontScale(): number {
  const info = typeof wx.getAppBaseInfo === 'function' ? wx.getAppBaseInfo() : undefined
  const factor =
    info?.fontSizeScaleFactor ?? (info?.fontSizeSetting ? info.fontSizeSetting / 16 : 1)
  return Math.min(1.4, Math.max(1, Number.isFinite(factor) ? factor : 1))
}

/** Callbacks instead of a promise: whether it worked changes nothing, and a promise would complain that nobody listens. */
const UNHEARD = { fail: () => {} }

export function toast(title: string): void {
  wx.showToast({ title, icon: 'none', duration: 2500, ...UNHEARD })
}

export function endPullDown(): void {
  wx.stopPullDownRefresh(UNHEARD)
}

type Question = { title: string; content: string; confirmText: string; cancelText?: string }

/** Asks before something that cannot be taken back; a question that could not be shown is answered with no. */
export const confirmed = ({ cancelText = '先不', ...question }: Question): Promise<boolean> =>
  new Promise((resolve) => {
    wx.showModal({
      ...question,
      cancelText,
      success: ({ confirm }) => resolve(confirm),
      fail: () => resolve(false),
      complete: () => resolve(false),
    })
  })

/** Answers whether the text is in the clipboard: the privacy gate may refuse. */
export const copyText = (data: string): Promise<boolean> =>
  new Promise((resolve) => {
    wx.setClipboardData({
      data,
      success: () => resolve(true),
      fail: () => resolve(false),
      complete: () => resolve(false),
    })
  })

export type ChatLink = { kfUrl: string; corpId: string }

const sayRefused = (): void => toast('客服聊天没有打开，请再点一次，或在手机微信里打开小程序')

/**
 * Opens the customer-service chat. Must run inside the tap handler with nothing awaited before; `onRefused` runs, instead of
 * saying so, when this WeChat cannot do it (base library below 2.19, no bound corp id: errCode 6, some desktops).
 */
export function openChat({ kfUrl, corpId }: ChatLink, onRefused = sayRefused): void {
  if (typeof wx.openCustomerServiceChat !== 'function') return onRefused()
  try {
    wx.openCustomerServiceChat({ extInfo: { url: kfUrl }, corpId, fail: onRefused })
  } catch {
    onRefused()
  }
}

export const PAGES = {
  home: '/pages/home/home',
  bind: '/pages/bind/bind',
  projects: '/pages/projects/projects',
  sample: '/pages/sample/sample',
  rights: '/pages/rights/rights',
  project: (id: string) => `/pages/project-detail/project-detail?id=${id}`,
  advisors: '/pages/advisors/advisors',
  advisor: (id: string) => `/pages/advisor/advisor?id=${id}`,
  bookings: '/pages/bookings/bookings',
  desk: '/pages/customer/desk',
} as const

const TABS: readonly string[] = [PAGES.home, PAGES.projects, '/pages/me/me']

/** Goes to a page, tab or not. */
export function goTo(url: string): void {
  if (TABS.includes(url)) wx.switchTab({ url, ...UNHEARD })
  else wx.navigateTo({ url, ...UNHEARD })
}

/** Another page in the place of this one: the way back leads past it. */
export function replaceBy(url: string): void {
  wx.redirectTo({ url, ...UNHEARD })
}

/** Home, and nothing behind it: no tab is left that still shows what may not be shown any more. */
export function startAnew(): void {
  wx.reLaunch({ url: PAGES.home, ...UNHEARD })
}

/** Back where the customer came from; home when the page was opened from a chat. */
export function goBack(): void {
  if (getCurrentPages().length > 1) wx.navigateBack(UNHEARD)
  else goTo(PAGES.home)
}
