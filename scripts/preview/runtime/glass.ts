import * as adapter from 'glass-easel-miniprogram-adapter'

/** What we use of glass-easel, the engine that WeChat itself runs mini-programs with; some of it is not in its own types. */
export type Instance = {
  route?: string
  options?: Record<string, string>
  data: Record<string, unknown>
  onLoad?: (query: Record<string, string>) => void
  onShow?: () => void
  onHide?: () => void
  onReady?: () => void
  onUnload?: () => void
  onReachBottom?: () => void
  onPullDownRefresh?: () => void
  onShareAppMessage?: (from: { from: 'button' }) => { title?: string; path?: string } | undefined
}
export type Component = {
  data: Record<string, unknown>
  setData: (data: Record<string, unknown>) => void
  triggerEvent: (name: string, detail: unknown) => void
  getBackendElement: () => HTMLElement
  replaceDataOnPath: (path: string[], value: unknown) => void
  applyDataUpdates: () => void
}
export type Root = {
  get: () => Instance
  attach: (parent: HTMLElement, placeholder: HTMLElement) => void
  release: () => void
  getComponent: () => { triggerPageLifetime: (name: 'show' | 'hide', args: unknown[]) => void }
}
type Definition = {
  is: string
  options: Record<string, unknown>
  properties: Record<string, unknown>
  observers: { fields: string; observer: (value: never) => void }[]
  lifetimes: { created: (this: Component) => void }
}
export type ComponentSpace = {
  defineComponent: (definition: Definition) => unknown
  setGlobalUsingComponent: (name: string, component: unknown) => void
}
type PrepareOptions = (...args: unknown[]) => [options: Record<string, unknown>, isolation: unknown]
type CodeSpace = {
  prepareComponentOptions: PrepareOptions
  getComponentSpace: () => ComponentSpace
  addStyleSheet: (path: string, source: string, scope?: string) => void
  addComponentStaticConfig: (path: string, config: unknown) => void
  addCompiledTemplate: (
    path: string,
    template: { groupList: unknown; content: unknown; fallbackListenerOnNativeNode: boolean },
  ) => void
  globalComponentEnv: (global: object, path: string, run: () => void) => void
}
type Associated = {
  createRoot: (tag: string, space: CodeSpace, url: string) => Root
  registerStyleSheetContent: (path: string, content: string) => void
}
type EventParts = [type: string, detail: unknown, options: unknown]
type Listen = (element: unknown, type: string, ...rest: unknown[]) => void
type Backend = {
  setListenerStats: Listen
  onEvent: (heard: (target: unknown, ...parts: EventParts) => unknown) => void
}
type Engine = {
  CurrentWindowBackendContext: new () => Backend
  Event: {
    new (...parts: EventParts): { getEventBubbleStatus: () => unknown }
    dispatchEvent: (target: unknown, event: unknown) => void
  }
}
type Env = {
  createCodeSpace: (id: string, isMain: boolean) => CodeSpace
  associateBackend: (backend: Backend) => Associated
}

const { MiniProgramEnv, glassEasel } = adapter as unknown as {
  MiniProgramEnv: new () => Env
  glassEasel: Engine
}

/** Only touches, mouse and transitions come from the DOM: a native `input` event would reach bindinput without its detail. */
const FROM_DOM = /^(?:touch|mouse|transition|animation|click|longpress)/

function createBackend(): Backend {
  const backend = new glassEasel.CurrentWindowBackendContext()
  const listen = backend.setListenerStats.bind(backend)
  backend.setListenerStats = (element, type, ...rest) => {
    if (FROM_DOM.test(type)) listen(element, type, ...rest)
  }
  // Event.triggerBackendEvent is documented and missing in 0.12.1
  backend.onEvent((target, ...parts) => {
    const event = new glassEasel.Event(...parts)
    glassEasel.Event.dispatchEvent(target, event)
    return event.getEventBubbleStatus()
  })
  return backend
}

/** An engine that draws into this document. */
export function createEngine(): { space: CodeSpace; associated: Associated } {
  const env = new MiniProgramEnv()
  const space = env.createCodeSpace('', true)
  // ids are wanted in the DOM, and a property named `dataset` must not be written to the node
  const prepare = space.prepareComponentOptions.bind(space)
  space.prepareComponentOptions = (...args) => {
    const [options, isolation] = prepare(...args)
    return [
      { ...options, writeIdToDOM: true, idPrefixGenerator: null, writeFieldsToNode: false },
      isolation,
    ]
  }
  return { space, associated: env.associateBackend(createBackend()) }
}
