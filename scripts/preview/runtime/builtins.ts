import type { Component, ComponentSpace } from './glass.ts'
import { choose, type Picked } from './picker.ts'
import { askToShare } from './share.ts'

/** The built-in components this mini-program uses, each a thin layer over one HTML element of the same name. */
type Definition = {
  properties?: Record<string, unknown>
  observers?: Record<string, (this: Component, value: never) => void>
  created?: (this: Component) => void
}

const dom = (component: Component): HTMLElement => component.getBackendElement()
const field = (component: Component): HTMLInputElement => dom(component) as HTMLInputElement
const HOVER = { hoverClass: String, hoverStayTime: { type: Number, value: 70 } }

function attachHover(component: Component): void {
  const element = dom(component)
  element.addEventListener('pointerdown', () => {
    const name = component.data['hoverClass']
    if (
      typeof name !== 'string' ||
      name === '' ||
      name === 'none' ||
      component.data['disabled'] === true
    )
      return
    const classes = name.split(/\s+/)
    element.classList.add(...classes)
    addEventListener(
      'pointerup',
      () =>
        setTimeout(
          () => element.classList.remove(...classes),
          Number(component.data['hoverStayTime']),
        ),
      { once: true },
    )
  })
}

const REACHED = new Set(['button', 'link', 'radio', 'tab'])

/** What a screen reader hears, and what the keyboard reaches. */
const ARIA: NonNullable<Definition['observers']> = {
  hidden(value: boolean) {
    dom(this).toggleAttribute('hidden', value)
  },
  ariaRole(value: string) {
    if (!value) return
    dom(this).setAttribute('role', value)
    if (REACHED.has(value)) dom(this).tabIndex = 0
  },
  ariaLabel(value: string) {
    if (value) dom(this).setAttribute('aria-label', value)
  },
  ariaLevel(value: string) {
    if (value) dom(this).setAttribute('aria-level', value)
  },
  ariaExpanded(value: boolean | null) {
    say(this, 'aria-expanded', value)
  },
  ariaChecked(value: boolean | null) {
    say(this, 'aria-checked', value)
  },
  ariaSelected(value: boolean | null) {
    say(this, 'aria-selected', value)
  },
  ariaHidden(value: boolean | null) {
    say(this, 'aria-hidden', value)
  },
}
const say = (component: Component, name: string, value: boolean | null): void => {
  if (value !== null) dom(component).setAttribute(name, String(value))
}

const button: Definition = {
  properties: { ...HOVER, disabled: Boolean, loading: Boolean, openType: String },
  observers: {
    loading(value: boolean) {
      dom(this).toggleAttribute('data-loading', value)
    },
    disabled(value: boolean) {
      field(this).disabled = value
    },
  },
  created() {
    field(this).type = 'button'
    attachHover(this)
    dom(this).addEventListener('click', () => {
      if (this.data['openType'] === 'agreePrivacyAuthorization')
        this.triggerEvent('agreeprivacyauthorization', {})
      if (this.data['openType'] === 'share') askToShare(dom(this))
    })
  },
}

const input: Definition = {
  properties: {
    value: String,
    type: { type: String, value: 'text' },
    placeholder: String,
    placeholderClass: String,
    disabled: Boolean,
    maxlength: { type: Number, value: 140 },
    focus: Boolean,
    confirmType: String,
    cursorSpacing: Number,
    adjustPosition: Boolean,
  },
  observers: {
    value(value: string) {
      if (field(this).value !== value) field(this).value = value
    },
    type(value: string) {
      field(this).inputMode =
        value === 'number' ? 'numeric' : value === 'digit' ? 'decimal' : 'text'
    },
    maxlength(value: number) {
      if (value >= 0) field(this).maxLength = value
    },
    focus(value: boolean) {
      if (value) setTimeout(() => dom(this).focus())
    },
    placeholder(value: string) {
      field(this).placeholder = value
    },
    disabled(value: boolean) {
      field(this).disabled = value
    },
  },
  created() {
    const element = field(this)
    const tell = (name: string): void =>
      this.triggerEvent(name, { value: element.value, cursor: element.selectionStart ?? 0 })
    element.addEventListener('input', () => {
      this.replaceDataOnPath(['value'], element.value)
      this.applyDataUpdates()
      tell('input')
    })
    for (const name of ['focus', 'blur', 'change']) element.addEventListener(name, () => tell(name))
    element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && element.tagName === 'INPUT') tell('confirm')
    })
  },
}

const image: Definition = {
  properties: { src: String, mode: { type: String, value: 'scaleToFill' }, lazyLoad: Boolean },
  observers: {
    src(value: string) {
      dom(this).querySelector('img')!.src = value
    },
    mode(value: string) {
      dom(this).dataset['mode'] = value
    },
  },
  created() {
    const picture = Object.assign(document.createElement('img'), { alt: '' }) // what it shows, the page says
    dom(this).append(picture)
    picture.addEventListener('load', () =>
      this.triggerEvent('load', { width: picture.naturalWidth, height: picture.naturalHeight }),
    )
    picture.addEventListener('error', () => this.triggerEvent('error', {}))
  },
}

const scrollView: Definition = {
  properties: {
    scrollX: Boolean,
    scrollY: Boolean,
    scrollTop: Number,
    lowerThreshold: { type: Number, value: 50 },
  },
  observers: {
    scrollX(value: boolean) {
      dom(this).style.overflowX = value ? 'auto' : ''
    },
    scrollY(value: boolean) {
      dom(this).style.overflowY = value ? 'auto' : ''
    },
    scrollTop(value: number) {
      dom(this).scrollTop = value
    },
  },
  created() {
    const element = dom(this)
    element.addEventListener('scroll', () => {
      if (
        element.scrollTop + element.clientHeight >=
        element.scrollHeight - Number(this.data['lowerThreshold'])
      )
        this.triggerEvent('scrolltolower', {})
    })
  },
}

const toggle: Definition = {
  properties: { checked: Boolean, disabled: Boolean, color: String },
  observers: {
    checked(value: boolean) {
      dom(this).querySelector('input')!.checked = value
    },
    disabled(value: boolean) {
      dom(this).querySelector('input')!.disabled = value
    },
  },
  created() {
    const box = Object.assign(document.createElement('input'), { type: 'checkbox' })
    box.setAttribute('role', 'switch')
    dom(this).append(box)
    box.addEventListener('change', () => {
      this.setData({ checked: box.checked })
      this.triggerEvent('change', { value: box.checked })
    })
  },
}

/** A tap opens a sheet; `value` of the event is an index of `range` or a day, always text, as phones send it. */
const picker: Definition = {
  properties: {
    mode: { type: String, value: 'selector' },
    range: { type: Array, value: [] },
    value: { type: null, value: '' },
    start: String,
    end: String,
    disabled: Boolean,
    headerText: String,
  },
  created() {
    const open = async (): Promise<void> => {
      if (this.data['disabled'] === true) return
      const chosen = await choose(this.data as unknown as Picked)
      if (chosen === null) this.triggerEvent('cancel', {})
      else this.triggerEvent('change', { value: chosen })
    }
    dom(this).addEventListener('click', () => void open())
  },
}

const BUILTINS: Record<string, Definition> = {
  view: {
    properties: HOVER,
    created() {
      attachHover(this)
    },
  },
  text: {
    properties: { userSelect: Boolean, selectable: Boolean, space: String, decode: Boolean },
  },
  button,
  input,
  textarea: {
    ...input,
    properties: {
      ...input.properties,
      autoHeight: Boolean,
      disableDefaultPadding: Boolean,
      showConfirmBar: { type: Boolean, value: true },
    },
  },
  picker,
  image,
  'scroll-view': scrollView,
  switch: toggle,
}

export function defineBuiltins(space: ComponentSpace): void {
  for (const [name, { properties, observers, created }] of Object.entries(BUILTINS)) {
    space.setGlobalUsingComponent(
      name,
      space.defineComponent({
        is: `builtin:${name}`,
        options: { reflectToAttributes: false },
        properties: {
          hidden: Boolean,
          ariaRole: String,
          ariaLabel: String,
          ariaLevel: String,
          ariaExpanded: { type: null, value: null },
          ariaChecked: { type: null, value: null },
          ariaSelected: { type: null, value: null },
          ariaHidden: { type: null, value: null },
          ...properties,
        },
        observers: Object.entries({ ...ARIA, ...observers }).map(([fields, observer]) => ({
          fields,
          observer,
        })),
        lifetimes: {
          created() {
            created?.call(this)
          },
        },
      }),
    )
  }
}
