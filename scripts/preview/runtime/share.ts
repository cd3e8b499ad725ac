import type { Instance } from './glass.ts'
import { button, el, openSheet } from './sheets.ts'

const ASKED = 'mp-share'

/** `<button open-type="share">` was tapped. */
export const askToShare = (from: HTMLElement): void => {
  from.dispatchEvent(new CustomEvent(ASKED, { bubbles: true }))
}

type Deps = { current: () => Instance; titleOf: () => string; open: (path: string) => void }

/**
 * Shows the card that a friend would get (M: Page.onShareAppMessage), with the way that he has: a tap on it opens its path in
 * a mini-program that starts anew.
 */
export const listenForShares = ({ current, titleOf, open }: Deps): void =>
  addEventListener(ASKED, () => {
    const { route = '', onShareAppMessage } = current()
    if (!onShareAppMessage) throw new Error(`${route} has no onShareAppMessage`)
    const { title = titleOf(), path = `/${route}` } =
      onShareAppMessage.call(current(), { from: 'button' }) ?? {}
    if (!path.startsWith('/')) throw new Error(`a path that is shared begins with a slash: ${path}`)
    const close = openSheet('发送给朋友', [
      el('article', 'mp-card', [el('small', '', '小程序 · 进度通'), el('b', '', title)]),
      el('footer', '', [
        button('取消', 'mp-cancel', () => close()),
        button('朋友点开', 'mp-confirm', () => {
          close()
          open(path)
        }),
      ]),
    ])
  })
