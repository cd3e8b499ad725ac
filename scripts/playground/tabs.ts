import { el } from './dom.ts'

type Spec<Id extends string> = Record<Id, { text: string; panel: HTMLElement }>
export type Tabs<Id extends string> = ReturnType<typeof createTabs<Id>>

/** Panels of which one is shown at a time, and their tabs: by tap, or with the arrow keys, Home and End. */
export function createTabs<Id extends string>(
  specs: Spec<Id>,
  { label, onShow = () => {} }: { label: string; onShow?: (id: Id) => void },
) {
  const ids = Object.keys(specs) as Id[]
  const buttons = createButtons(specs, (id) => show(id))
  let shown = ids[0]!
  const turn = (id: Id): void => {
    shown = id
    for (const one of ids) {
      specs[one].panel.hidden = one !== id
      buttons[one].setAttribute('aria-selected', String(one === id))
      buttons[one].tabIndex = one === id ? 0 : -1
    }
    buttons[id].classList.remove('news')
  }
  const show = (id: Id): void => {
    turn(id)
    onShow(id)
  }
  const element = el(
    'div',
    { class: 'tabs', label, attrs: { role: 'tablist' } },
    ...ids.map((id) => buttons[id]),
  )
  element.addEventListener('keydown', (event) => {
    const next = nextOf(
      ids.filter((id) => !buttons[id].hidden),
      shown,
      event.key,
    )
    if (next === undefined) return
    event.preventDefault()
    show(next)
    buttons[next].focus()
  })
  turn(shown)
  return {
    element,
    show,
    /** The same without telling `onShow`. */
    turn,
    /** Whether there is such a panel now. */
    offer: (id: Id, isThere: boolean): void => {
      buttons[id].hidden = !isThere
    },
    /** Something came to a panel that is not shown. */
    mark: (id: Id): void => {
      if (id !== shown) buttons[id].classList.add('news')
    },
  }
}

/** The tab of each panel, and what ties the two for who cannot see them. */
function createButtons<Id extends string>(
  specs: Spec<Id>,
  onTap: (id: Id) => void,
): Record<Id, HTMLButtonElement> {
  const toButton = (id: Id): HTMLButtonElement => {
    const { text, panel } = specs[id]
    panel.id = `panel-${id}`
    panel.setAttribute('role', 'tabpanel')
    panel.setAttribute('aria-labelledby', `tab-${id}`)
    const attrs = { role: 'tab', id: `tab-${id}`, 'aria-controls': panel.id }
    return el('button', { data: { tab: id }, attrs, onclick: () => onTap(id) }, text, el('i', {}))
  }
  return Object.fromEntries((Object.keys(specs) as Id[]).map((id) => [id, toButton(id)])) as Record<
    Id,
    HTMLButtonElement
  >
}

function nextOf<Id>(ids: readonly Id[], shown: Id, key: string): Id | undefined {
  const at = ids.indexOf(shown)
  switch (key) {
    case 'ArrowRight':
      return ids[(at + 1) % ids.length]
    case 'ArrowLeft':
      return ids[(at + ids.length - 1) % ids.length]
    case 'Home':
      return ids[0]
    case 'End':
      return ids.at(-1)
    default:
      return undefined
  }
}
