import { firstCharacter } from '../../shared/cut-text.ts'

type Child = Node | string | false | null | undefined
type Props = {
  class?: string
  title?: string
  type?: string
  value?: string
  placeholder?: string
  disabled?: boolean
  label?: string
  data?: Record<string, string>
  attrs?: Record<string, string>
  onclick?: () => void
  onenter?: (value: string) => void
}

/** An element with its children; what is falsy among them is left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag)
  const plain: HTMLElement = node
  const { class: className, label, data, attrs, onenter, onclick, ...rest } = props
  Object.assign(node, rest)
  if (className !== undefined) node.className = className
  if (label !== undefined) node.setAttribute('aria-label', label)
  for (const [name, value] of Object.entries(attrs ?? {})) node.setAttribute(name, value)
  for (const [name, value] of Object.entries(data ?? {})) node.dataset[name] = value
  if (onclick) node.addEventListener('click', onclick)
  if (onenter)
    plain.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing)
        onenter((node as unknown as HTMLInputElement).value)
    })
  node.append(
    ...children.filter((child) => child !== false && child !== null && child !== undefined),
  )
  return node
}

/** Draws into `place` only when what it depends on has changed, so that nothing flickers and no input loses its text. */
export function createPart<T>(
  place: HTMLElement,
  draw: (shown: T) => Child[],
): (shown: T) => boolean {
  let last = ''
  return (shown) => {
    const next = JSON.stringify(shown)
    if (next === last) return false
    last = next
    place.replaceChildren(
      ...draw(shown).filter((child) => child !== false && child !== null && child !== undefined),
    )
    return true
  }
}

/** A place with its own scroll bar, which can be reached with the keyboard too. */
export const SCROLLS = { tabindex: '0' }

export const clockTime = (at: number): string =>
  new Date(at).toLocaleTimeString('zh-CN', { hour12: false })

/** A picture of somebody, for the eyes only: his name stands beside it. */
export const toFace = (name: string): HTMLElement =>
  el('span', { class: 'face', attrs: { 'aria-hidden': 'true' } }, firstCharacter(name))
