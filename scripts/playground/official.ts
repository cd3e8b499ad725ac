import { control, type OfficialChat, type OfficialLine } from './api.ts'
import { CHAT_LINES, createWriter, toBubble } from './chat.ts'
import { createPart, el } from './dom.ts'
import type { Stage } from './stage.ts'

/** The official account as the customer sees it: to be followed, then written to. */
export function createOfficial(stage: Stage, { onOpen }: { onOpen: (path: string) => void }) {
  const lines = el('div', { class: 'chat-lines', label: '公众号的消息', attrs: CHAT_LINES })
  const foot = el('div', { class: 'official-foot' })
  const act = (what: string, body: object = {}): void =>
    void stage.act(() =>
      control(`/people/${encodeURIComponent(stage.kept.person)}/official/${what}`, body),
    )
  const { input, element: writer } = createWriter((text) => act('send', { text }))
  const quick = (label: string, text: () => string): HTMLElement =>
    el('button', { onclick: () => act('send', { text: text() }) }, label)
  const menu = el(
    'div',
    { class: 'quick' },
    quick('查询项目进度', () => '查询项目进度'),
    quick('发送我的手机号', () => stage.person()?.phone ?? ''),
    el('button', { onclick: () => act('unfollow') }, '取消关注'),
  )
  const follow = el('button', { class: 'main', onclick: () => act('follow') }, '关注公众号')
  const drawLines = createPart<OfficialLine[]>(lines, (chat) =>
    chat.length === 0
      ? [
          el(
            'p',
            { class: 'empty' },
            '这里是企业的「公众号」。关注以后可以发送手机号，或者问项目进度。',
          ),
        ]
      : chat.map((line) => toLine(line, onOpen)),
  )
  const drawFoot = createPart<boolean>(foot, (isFollowed) =>
    isFollowed ? [menu, writer] : [el('footer', { class: 'follow' }, follow)],
  )
  const toEnd = (): void => {
    lines.scrollTop = lines.scrollHeight
  }
  stage.onChange(() => {
    const chat = officialOf(stage)
    drawFoot(chat.followed === true)
    if (drawLines(chat.lines)) toEnd()
  })
  const element = el(
    'div',
    { class: 'chat' },
    el('header', {}, el('b', {}, '进度通'), el('small', {}, '公众号')),
    lines,
    foot,
  )
  return {
    element,
    toEnd,
    forget: (): void => {
      input.value = ''
    },
  }
}

/** Nobody is looked at in the first moment. */
export const officialOf = ({ view }: Stage): OfficialChat =>
  view && 'lines' in view.official ? view.official : { followed: null, lines: [] }

const ACCOUNT = { from: 'bot', face: '公' } as const
/** WeChat shows such a link of the account by its words, and opens the page in the mini-program. */
const LINK = /\s*<a\b[^>]*\bdata-miniprogram-path="([^"]*)"[^>]*>([^<]*)<\/a>/

function toLine(
  { from, text, type, miniprogramPath }: OfficialLine,
  open: (path: string) => void,
): HTMLElement {
  if (from === 'system') return el('p', { class: 'empty' }, text)
  const words = text !== '' ? text : `[${type}]`
  if (from === 'customer') return toBubble({ from, face: '我' }, words)
  const toPage = (path: string, label: string): HTMLElement =>
    el('button', { class: 'item mini', onclick: () => open(path) }, label)
  if (miniprogramPath !== undefined) return toBubble(ACCOUNT, '', toPage(miniprogramPath, words))
  const [link, path = '', label = ''] = LINK.exec(words) ?? []
  return link === undefined
    ? toBubble(ACCOUNT, words)
    : toBubble(ACCOUNT, words.replace(link, ''), toPage(path, label))
}
