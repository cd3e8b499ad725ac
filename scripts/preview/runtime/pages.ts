import type { Instance, Root } from './glass.ts'
import type { AppConfig, Shell, Window } from './shell.ts'

type OpenPage = {
  route: string
  root: Root
  element: HTMLElement
  instance: Instance
  styles: HTMLStyleElement[]
  isOver: boolean
}
type Deps = {
  app: AppConfig
  configs: Record<string, Window | undefined>
  shell: () => Shell
  createRoot: (url: string) => Root
}
export type Router = ReturnType<typeof createRouter>

/** onReachBottomDistance of the platform. */
const NEAR_BOTTOM_PX = 50

/** The page stack, with the life cycle of the platform: tab pages stay alive behind the others until a reLaunch. */
export function createRouter(deps: Deps) {
  const { stack, tabs, isTab, top, show, open } = createStack(deps)
  return {
    current: top,
    pages: () => stack,
    resolve: (url: string): string =>
      url.startsWith('/')
        ? url
        : new URL(url, `http://page/${top().route}`).href.slice('http://page'.length),
    navigateTo(url: string) {
      hide(top())
      open(url)
    },
    redirectTo(url: string) {
      destroy(stack.pop()!)
      open(url)
    },
    reLaunch(url: string) {
      for (const page of new Set([...stack, ...tabs.values()])) destroy(page)
      stack.length = 0
      tabs.clear()
      open(url)
    },
    switchTab(url: string) {
      const route = url.replace(/^\//, '').split('?')[0]!
      while (stack.length > 0 && !isTab(top().route)) destroy(stack.pop()!)
      if (top()?.route !== route) hide(stack.pop())
      const kept = tabs.get(route)
      if (kept && stack.length === 0) stack.push(kept)
      if (kept) show(kept)
      else open(url)
    },
    navigateBack(delta = 1) {
      if (stack.length <= 1) return
      for (let left = delta; left > 0 && stack.length > 1; left -= 1) destroy(stack.pop()!)
      show(top())
    },
  }
}

function createStack(deps: Deps) {
  const stack: OpenPage[] = []
  const tabs = new Map<string, OpenPage>()
  const { app, configs } = deps
  const isTab = (route: string): boolean =>
    app.tabBar?.list.some((item) => item.pagePath === route) ?? false
  const show = (page: OpenPage): void => {
    page.element.hidden = false
    // page styles are global in one document: those of hidden pages rest
    for (const other of [...stack, ...tabs.values()])
      for (const style of other.styles) style.disabled = other !== page
    deps.shell().update({ ...app.window, ...configs[page.route] }, page.route, stack.length > 1)
    page.instance.onShow?.()
    page.root.getComponent().triggerPageLifetime('show', [])
  }
  const open = (url: string): void => {
    const page = createPage(deps, url)
    stack.push(page)
    if (isTab(page.route)) tabs.set(page.route, page)
    show(page)
    requestAnimationFrame(() => {
      if (!page.isOver) page.instance.onReady?.()
    })
  }
  return { stack, tabs, isTab, show, open, top: (): OpenPage => stack.at(-1)! }
}

function hide(page: OpenPage | undefined): void {
  if (!page || page.element.hidden) return
  page.element.hidden = true
  page.instance.onHide?.()
  page.root.getComponent().triggerPageLifetime('hide', [])
}

function destroy(page: OpenPage): void {
  page.isOver = true
  page.instance.onUnload?.()
  page.root.release()
  page.element.remove()
  for (const style of page.styles) style.remove()
}

function createPage({ configs, shell, createRoot }: Deps, url: string): OpenPage {
  const bare = url.replace(/^\//, '')
  const [route = '', search = ''] = bare.split('?')
  if (!configs[route]) throw new Error(`page "${route}" is not found`)
  const before = new Set(document.head.querySelectorAll('style'))
  const root = createRoot(bare)
  const element = Object.assign(document.createElement('div'), {
    className: 'mp-page',
    tabIndex: 0, // what scrolls can be reached by the keyboard
  })
  const placeholder = document.createElement('span')
  element.append(placeholder)
  shell().pages.append(element)
  const instance = root.get()
  const query = Object.fromEntries(new URLSearchParams(search))
  Object.assign(instance, { route, options: query })
  const styles = [...document.head.querySelectorAll('style')].filter((style) => !before.has(style))
  root.attach(element, placeholder)
  tellReachBottom(element, instance)
  instance.onLoad?.(query)
  return { route, root, element, instance, styles, isOver: false }
}

/** Once at each arrival near the bottom, and again when the page has grown there. */
function tellReachBottom(element: HTMLElement, instance: Instance): void {
  let toldAtHeight = 0
  element.addEventListener('scroll', () => {
    const isNear = element.scrollTop + element.clientHeight >= element.scrollHeight - NEAR_BOTTOM_PX
    if (isNear && toldAtHeight !== element.scrollHeight) instance.onReachBottom?.()
    toldAtHeight = isNear ? element.scrollHeight : 0
  })
}
