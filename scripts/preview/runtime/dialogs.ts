/** Toasts and dialogs as WeChat draws them. */
const TOAST_MS = 1500

let shown: HTMLElement | undefined

export function showToast(text: string, icon: string, durationMs = TOAST_MS): void {
  hideToast()
  const toast = Object.assign(document.createElement('div'), {
    className: 'mp-toast',
    textContent: text,
  })
  toast.dataset['icon'] = icon
  toast.setAttribute('role', 'status')
  document.body.append(toast)
  shown = toast
  setTimeout(() => toast.remove(), durationMs)
}
export const hideToast = (): void => shown?.remove()

export type Modal = {
  title?: string
  content?: string
  showCancel?: boolean
  cancelText?: string
  confirmText?: string
}

/** Answers whether the customer confirmed. */
export function showModal({
  title = '',
  content = '',
  showCancel = true,
  cancelText = '取消',
  confirmText = '确定',
}: Modal): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog = Object.assign(document.createElement('dialog'), { className: 'mp-dialog' })
    const close = (confirmed: boolean): void => {
      dialog.remove()
      resolve(confirmed)
    }
    const button = (text: string, confirmed: boolean, className: string): HTMLElement =>
      Object.assign(document.createElement('button'), {
        textContent: text,
        className,
        onclick: () => close(confirmed),
      })
    const text = Object.assign(document.createElement('p'), { textContent: content })
    const actions = Object.assign(document.createElement('footer'), {})
    actions.append(
      ...(showCancel ? [button(cancelText, false, 'mp-cancel')] : []),
      button(confirmText, true, 'mp-confirm'),
    )
    dialog.append(
      Object.assign(document.createElement('h2'), { textContent: title }),
      text,
      actions,
    )
    dialog.oncancel = () => close(false)
    document.body.append(dialog)
    dialog.showModal()
  })
}
