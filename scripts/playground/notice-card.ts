import type { InboxItem } from './api.ts'
import { el } from './dom.ts'

/** A subscribe message as it stands in 服务通知; one without a page opens nothing. */
export const toNotice = (
  { title, lines = [], page }: InboxItem,
  open: (path: string) => void,
): HTMLElement =>
  el(
    'article',
    { class: 'notice-card' },
    el('b', {}, title ?? ''),
    ...lines.map(({ label, text }) => el('p', {}, el('small', {}, label), text)),
    page !== undefined &&
      page !== null &&
      el('button', { class: 'link', onclick: () => open(page) }, '进入小程序查看'),
  )
