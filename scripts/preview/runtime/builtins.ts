import type { Component, ComponentSpace } from './glass.ts'

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

/** What a screen reader hears, and what the keyboard reaches. */
const ARIA: NonNullable<Definition['observers']> = {
  hidden(value: boolean) {
    dom(this).toggleAttribute('hidden', value)
  },
  ariaRole(value: string) {
    if (!value) return
    dom(this).setAttribute('role', value)
    if (value === 'button' || value === 'link') dom(this).tabIndex = 0
  },
  ariaLabel(value: string) {
    if (value) dom(this).setAttribute('aria-label', value)
  },
  ariaLevel(value: string) {
    if (value) dom(this).setAttribute('aria-level', value)
  },
  ariaExpanded(value: boolean | null) {
    if (value !== null) dom(this).setAttribute('aria-expanded', String(value))
  },
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
      if (event.key === 'Enter') tell('confirm')
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
    const picture = document.createElement('img')
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
  textarea: input,
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
