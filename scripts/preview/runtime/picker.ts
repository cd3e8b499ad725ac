import { button, el, openSheet } from './sheets.ts'

/** What a `<picker>` was given (M: component/picker): `range` and an index, or days. */
export type Picked = {
  mode: string
  range: unknown[]
  value: unknown
  start: string
  end: string
  headerText: string
}

/** The sheet at the bottom; answers what was chosen, null: nothing. */
export function choose(picked: Picked): Promise<string | null> {
  if (picked.mode !== 'selector' && picked.mode !== 'date')
    throw new Error(`<picker mode="${picked.mode}"> is not played`)
  const field = picked.mode === 'date' ? toDays(picked) : toList(picked)
  return new Promise((resolve) => {
    const end = (chosen: string | null): void => {
      close()
      resolve(chosen === '' ? null : chosen)
    }
    const close = openSheet(
      picked.headerText || '请选择',
      [
        field,
        el('footer', '', [
          button('取消', 'mp-cancel', () => end(null)),
          button('确定', 'mp-confirm', () => end(field.value)),
        ]),
      ],
      { onCancel: () => end(null) },
    )
  })
}

function toDays({ value, start, end }: Picked): HTMLInputElement {
  const today = new Date().toISOString().slice(0, 10)
  const day = typeof value === 'string' && value !== '' ? value : today
  const field = Object.assign(document.createElement('input'), { type: 'date', value: day })
  if (start !== '') field.min = start
  if (end !== '') field.max = end
  field.setAttribute('aria-label', '选择日期')
  // a phone's wheel does not turn further than the ends
  field.addEventListener('change', () => {
    if (start !== '' && field.value < start) field.value = start
    if (end !== '' && field.value > end) field.value = end
  })
  return field
}

function toList({ range, value }: Picked): HTMLSelectElement {
  const list = document.createElement('select')
  list.setAttribute('aria-label', '选择一项')
  list.size = Math.max(2, range.length)
  list.append(
    ...range.map((one, index) =>
      Object.assign(document.createElement('option'), {
        value: String(index),
        textContent: String(one),
      }),
    ),
  )
  list.value = String(Number(value) || 0)
  return list
}
