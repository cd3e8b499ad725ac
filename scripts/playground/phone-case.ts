import { el } from './dom.ts'

/** A phone around its screen. */
export const toCase = (screen: HTMLElement): HTMLElement =>
  el(
    'div',
    { class: 'phone' },
    el(
      'div',
      { class: 'phone-status', attrs: { 'aria-hidden': 'true' } },
      el('b', {}, '9:41'),
      el('span', { class: 'battery' }),
    ),
    screen,
  )
