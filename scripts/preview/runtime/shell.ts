/** What surrounds a page: the navigation bar, the tab bar and the place for pages. */
type TabItem = { pagePath: string; text: string; iconPath: string; selectedIconPath: string }
export type Window = {
  navigationBarTitleText?: string
  navigationBarBackgroundColor?: string
  navigationBarTextStyle?: string
  backgroundColor?: string
  enablePullDownRefresh?: boolean
}
export type AppConfig = {
  pages: string[]
  window: Window
  tabBar?: { color: string; selectedColor: string; backgroundColor: string; list: TabItem[] }
}
export type Shell = ReturnType<typeof createShell>

const BAR =
  '<button class="mp-back" aria-label="返回"></button><h1></h1><span class="mp-capsule" aria-hidden="true"><i></i><i></i><i></i><b></b></span>'

/** Whose phone this is, where several are shown side by side: their parts are told apart by it. */
export const PHONE = new URLSearchParams(location.search).get('phone')

type Taps = {
  onTab: (route: string) => void
  onBack: () => void
  /** Stands in the bar beside the way back. */
  bell?: HTMLElement
}

export function createShell({ tabBar }: AppConfig, { onTab, onBack, bell }: Taps) {
  const bar = Object.assign(document.createElement('header'), {
    className: 'mp-bar',
    innerHTML: BAR,
  })
  const pages = document.createElement('main')
  const tabs = Object.assign(document.createElement('nav'), { className: 'mp-tabs' })
  const back = bar.querySelector<HTMLButtonElement>('.mp-back')!
  back.onclick = onBack
  if (bell) back.after(bell)
  document.body.append(bar, pages, tabs)
  if (PHONE !== null) for (const part of [bar, pages, tabs]) part.setAttribute('aria-label', PHONE)
  const setTitle = (title: string): void => {
    bar.querySelector('h1')!.textContent = title
  }
  return {
    pages,
    setTitle,
    /** Dresses for the page in front. */
    update(window: Window, route: string, canGoBack: boolean): void {
      setTitle(window.navigationBarTitleText ?? '')
      bar.style.background = window.navigationBarBackgroundColor ?? '#fff'
      bar.style.color = window.navigationBarTextStyle ?? 'black'
      back.style.visibility = canGoBack ? 'visible' : 'hidden'
      document.body.style.background = window.backgroundColor ?? '#fff'
      const items = tabBar?.list ?? []
      tabs.hidden = !items.some((item) => item.pagePath === route)
      tabs.style.background = tabBar?.backgroundColor ?? ''
      tabs.replaceChildren(
        ...items.map((item) => toTab(item, tabBar!, { isOn: item.pagePath === route, onTab })),
      )
    },
  }
}

function toTab(
  item: TabItem,
  { color, selectedColor }: NonNullable<AppConfig['tabBar']>,
  { isOn, onTab }: { isOn: boolean } & Pick<Taps, 'onTab'>,
): HTMLElement {
  const icon = Object.assign(document.createElement('img'), {
    width: 27,
    height: 27,
    alt: '',
    src: `/preview/${isOn ? item.selectedIconPath : item.iconPath}`,
  })
  const label = Object.assign(document.createElement('span'), { textContent: item.text })
  const tab = Object.assign(document.createElement('button'), {
    onclick: () => onTab(item.pagePath),
  })
  tab.style.color = isOn ? selectedColor : color
  tab.setAttribute('aria-current', String(isOn))
  tab.append(icon, label)
  return tab
}
