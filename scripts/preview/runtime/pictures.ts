import { button, el } from './sheets.ts'

type Wanted = { urls?: unknown; current?: string }

/** Pictures as large as the phone, one after another (M: wx.previewImage); a tap ends it. */
export function previewImage({ urls, current }: Wanted): void {
  if (!Array.isArray(urls) || urls.length === 0 || !urls.every((url) => typeof url === 'string'))
    throw new Error('parameter error: parameter.urls should be Array')
  let at = Math.max(0, urls.indexOf(current ?? String(urls[0])))
  const dialog = el('dialog', 'mp-pictures')
  dialog.setAttribute('aria-label', '图片预览')
  const picture = el('img')
  const count = el('small')
  const show = (next: number): void => {
    at = (next + urls.length) % urls.length
    picture.src = urls[at]!
    picture.alt = `第 ${String(at + 1)} 张`
    count.textContent = `${String(at + 1)} / ${String(urls.length)}`
  }
  picture.onclick = () => dialog.remove()
  dialog.oncancel = () => dialog.remove()
  const others = [
    button('上一张', '', () => show(at - 1)),
    button('下一张', '', () => show(at + 1)),
  ]
  dialog.append(
    picture,
    el('footer', '', [
      ...(urls.length > 1 ? others : []),
      count,
      button('关闭', '', () => dialog.remove()),
    ]),
  )
  show(at)
  document.body.append(dialog)
  dialog.showModal()
}
