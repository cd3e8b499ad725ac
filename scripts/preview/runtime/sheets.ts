/** What WeChat lays over a page: sheets at the bottom, and pictures as large as the phone. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = '',
  content: string | HTMLElement[] = [],
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), { className })
  element.append(...(typeof content === 'string' ? [content] : content))
  return element
}

export const button = (text: string, className: string, onclick: () => void): HTMLElement =>
  Object.assign(el('button', className, text), { onclick })

/** Answers how it is closed; whoever opened it says when. `onCancel`: the way back of the phone. */
export function openSheet(
  title: string,
  content: HTMLElement[],
  { className = 'mp-sheet', onCancel = () => {} } = {},
): () => void {
  const dialog = el('dialog', `mp-dialog ${className}`, [el('h2', '', title), ...content])
  dialog.setAttribute('aria-label', title)
  const close = (): void => dialog.remove()
  dialog.oncancel = () => {
    close()
    onCancel()
  }
  document.body.append(dialog)
  dialog.showModal()
  return close
}
