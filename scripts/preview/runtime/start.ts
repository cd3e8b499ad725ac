import { defineBuiltins } from './builtins.ts'
import { frameWhenWide } from './frame.ts'
import { createEngine } from './glass.ts'
import { createHost, findHolder } from './host.ts'
import { createRouter } from './pages.ts'
import { createNotices } from './notices.ts'
import { listenForShares } from './share.ts'
import { createShell, PHONE, type AppConfig, type Shell, type Window } from './shell.ts'
import { createWx } from './wx.ts'

/** A built mini-program, as scripts/preview/build/bundle.mjs packs it. */
type Pack = {
  app: AppConfig
  theme: { light?: Record<string, string>; dark?: Record<string, string> }
  configs: Record<string, Window>
  styles: Record<string, string>
  scopes: Record<string, string>
  templates: Record<string, unknown>
  loadApp: () => void
  load: Record<string, () => void>
}
type App = { onLaunch?: (launch: object) => void; onShow?: (launch: object) => void }
type Definition = { behaviors?: unknown[] }

/** Plays a mini-program in this page, as the person who holds the phone. */
export function start(pack: Pack): void {
  if (frameWhenWide()) return
  findHolder().then(
    (personId) => launch(pack, personId),
    (error: unknown) => {
      document.body.textContent = error instanceof Error ? error.message : String(error)
    },
  )
}

function launch(pack: Pack, personId: string): void {
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches
  const { app, configs } = paint(
    { app: pack.app, configs: pack.configs },
    pack.theme[isDark ? 'dark' : 'light'] ?? {},
  )
  translateInlineRpx()
  const { space, associated } = createEngine()
  defineBuiltins(space.getComponentSpace())
  space.addStyleSheet('app', 'app')
  associated.registerStyleSheetContent('app', pack.styles['app'] ?? '')
  for (const name of Object.keys(configs)) {
    space.addComponentStaticConfig(name, configs[name])
    space.addCompiledTemplate(name, {
      groupList: pack.templates,
      content: pack.templates[name],
      fallbackListenerOnNativeNode: true,
    })
    if (pack.styles[name] !== undefined) space.addStyleSheet(name, name, pack.scopes[name])
    associated.registerStyleSheetContent(name, pack.styles[name] ?? '')
  }

  const host = createHost(personId)
  const router = createRouter({
    app,
    configs,
    shell: () => shell,
    createRoot: (url) => associated.createRoot('page', space, url),
  })
  const open = (path: string): void => router.reLaunch(`/${path.replace(/^\//, '')}`)
  const shell: Shell = createShell(app, {
    // the playground has a place of its own for what WeChat brings
    ...(PHONE === null && { bell: createNotices({ host, open }) }),
    onTab: (route) => router.switchTab(`/${route}`),
    onBack: () => router.navigateBack(),
  })
  let running: App = {}
  Object.assign(globalThis, {
    wx: createWx({ host, router, shell: () => shell }),
    getApp: () => running,
    getCurrentPages: () => router.pages().map((page) => page.instance),
    App: (options: App) => {
      running = options
    },
  })
  pack.loadApp()
  for (const [name, load] of Object.entries(pack.load))
    space.globalComponentEnv(globalThis, name, () => loadModule(load))
  running.onLaunch?.({ path: app.pages[0], query: {}, scene: 1001 })
  router.reLaunch(location.hash.length > 1 ? location.hash.slice(1) : `/${app.pages[0]!}`)
  host.onOpen(open)
  listenForShares({
    current: () => router.current().instance,
    titleOf: () => app.window.navigationBarTitleText ?? '',
    open,
  })
}

/** `@name` in the configuration is a colour or picture of the theme. */
const paint = <T>(config: T, theme: Record<string, string>): T =>
  JSON.parse(JSON.stringify(config), (_, value: unknown) =>
    typeof value === 'string' && value.startsWith('@') ? (theme[value.slice(1)] ?? value) : value,
  ) as T

/** Built-in behaviors come as `wx://` names, which the engine does not know. */
function loadModule(load: () => void): void {
  const scope = globalThis as unknown as Record<
    'Component' | 'Behavior',
    (options: Definition) => unknown
  >
  for (const kind of ['Component', 'Behavior'] as const) {
    const define = scope[kind]
    scope[kind] = (options) =>
      define({
        ...options,
        behaviors: (options.behaviors ?? []).filter((behavior) => typeof behavior !== 'string'),
      })
  }
  load()
}

/** Inline styles have rpx too. */
function translateInlineRpx(): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its element below
  const { setAttribute } = Element.prototype
  Element.prototype.setAttribute = function (name: string, value: string) {
    setAttribute.call(
      this,
      name,
      name === 'style'
        ? value.replace(
            /(-?[\d.]+)rpx/g,
            (_, number: string) => `${String(Number(number) / 7.5)}vw`,
          )
        : value,
    )
  }
}
