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

/** The mini-program of somebody; `phone` tells the parts of two phones apart for who hears them. */
export const toAddress = (person: string, phone: string): string =>
  `/preview/?${new URLSearchParams({ person, phone }).toString()}`
