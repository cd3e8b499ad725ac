import { control, type ChatLine, type MenuItem } from './api.ts'
import { createPart, el, SCROLLS } from './dom.ts'
import type { Stage } from './stage.ts'

/** A place to write, with what stands before it. */
export function createWriter(send: (text: string) => void): {
  input: HTMLInputElement
  element: HTMLElement
} {
  const submit = (): void => {
    const text = input.value.trim()
    if (text === '') return
    input.value = ''
    send(text)
  }
  const input = el('input', { placeholder: '发消息', label: '发消息', onenter: submit })
  return {
    input,
    element: el('footer', {}, input, el('button', { class: 'send', onclick: submit }, '发送')),
  }
}

type Speaker = { from: 'customer' | 'bot' | 'staff'; face: string }

export const toBubble = (
  { from, face }: Speaker,
  words: string,
  ...below: (HTMLElement | string)[]
): HTMLElement =>
  el(
    'div',
    { class: `bubble ${from === 'customer' ? 'mine' : 'theirs'}` },
    el('span', { class: `face ${from}`, attrs: { 'aria-hidden': 'true' } }, face),
    el('div', { class: 'words' }, words, ...below),
  )

export const CHAT_LINES = { ...SCROLLS, role: 'log' }

/** The kf chat as the customer sees it. */
export function createChat(stage: Stage, { onOpen }: { onOpen: (path: string) => void }) {
  const lines = el('div', { class: 'chat-lines', label: '聊天记录', attrs: CHAT_LINES })
  const at = (): string => `/people/${encodeURIComponent(stage.kept.person)}/kf`
  const { input, element: writer } = createWriter(
    (text) => void stage.act(() => control(`${at()}/send`, { text })),
  )
  const pasteChip = el('button', {
    class: 'paste',
    onclick: () => {
      input.value = pasteChip.dataset['text'] ?? ''
      pasteChip.hidden = true
      input.focus()
    },
  })
  pasteChip.hidden = true
  const tap = (item: MenuItem): void => {
    if (item.miniprogramPath !== undefined) onOpen(item.miniprogramPath)
    else void stage.act(() => control(`${at()}/send`, { menuId: item.id }))
  }
  const draw = createPart<ChatLine[]>(lines, (chat) =>
    chat.length === 0
      ? [
          el(
            'p',
            { class: 'empty' },
            '这里是企业的「微信客服」聊天。可以直接发送小程序里的 6 位绑定码。',
          ),
        ]
      : chat.map((line) => toLine(line, tap)),
  )
  stage.onChange(() => {
    if (stage.view && draw(stage.view.chat)) toEnd()
  })
  const toEnd = (): void => {
    lines.scrollTop = lines.scrollHeight
  }
  const element = el(
    'div',
    { class: 'chat' },
    el('header', {}, el('b', {}, '项目进度客服'), el('small', {}, '@进度通 · 微信客服')),
    lines,
    pasteChip,
    writer,
  )
  /** The customer has copied something: it can be pasted with one tap. */
  const paste = (text: string): void => {
    pasteChip.dataset['text'] = text
    pasteChip.textContent = `粘贴 ${text}`
    pasteChip.hidden = false
  }
  const forget = (): void => {
    pasteChip.hidden = true
    input.value = ''
  }
  return { element, paste, forget, toEnd }
}

function toLine(line: ChatLine, tap: (item: MenuItem) => void): HTMLElement {
  if (line.recalled === true) return el('p', { class: 'empty' }, '你撤回了一条消息')
  const tail = line.tail ?? ''
  const text = line.text.slice(0, line.text.length - tail.length).trimEnd()
  const words = text !== '' ? text : line.type === 'text' ? '' : `[${line.type}]`
  const items = (line.menu ?? []).map((item) =>
    el(
      'button',
      {
        class: item.miniprogramPath === undefined ? 'item' : 'item mini',
        onclick: () => tap(item),
      },
      item.text,
    ),
  )
  const face = line.from === 'customer' ? '我' : line.from === 'bot' ? '进' : '人'
  return toBubble({ from: line.from, face }, words, ...items, ...(tail === '' ? [] : [tail]))
}
