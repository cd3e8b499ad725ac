import type { Choice, Host, Template } from './host.ts'
import { button, el } from './sheets.ts'

/** Fails as the platform does: with an errCode of its own and all of the words. */
export class SubscribeFailed extends Error {
  readonly errCode: number | undefined
  constructor(errMsg: string, errCode?: number) {
    super(errMsg)
    this.errCode = errCode
  }
}

type Wanted = { tmplIds?: unknown }
type Deps = { host: Host; isInTap: () => boolean }

/**
 * Asks who holds the phone what the mini-program may send (M: wx.requestSubscribeMessage): only in a tap, with a dialog for
 * those templates that are not settled yet.
 */
export const createSubscribe =
  ({ host, isInTap }: Deps) =>
  async ({ tmplIds }: Wanted): Promise<Record<string, string>> => {
    if (!isInTap())
      throw new SubscribeFailed(
        'requestSubscribeMessage:fail can only be invoked by user TAP gesture.',
      )
    if (!isIds(tmplIds))
      throw new SubscribeFailed('requestSubscribeMessage:fail invalid tmplIds', 10004)
    const asked = await host.subscribe.ask(tmplIds)
    if ('error' in asked) throw new SubscribeFailed(asked.error.errMsg, asked.error.errCode)
    const { choices, keep } =
      asked.open.length > 0 ? await showDialog(asked.open) : { choices: {}, keep: false }
    return host.subscribe.answer({ ...asDecided(asked.decided), ...choices }, keep)
  }

const isIds = (given: unknown): given is string[] =>
  Array.isArray(given) && given.every((id) => typeof id === 'string')

/** The platform settles these again by itself, whatever is said. */
const asDecided = (decided: Record<string, string>): Record<string, Choice> =>
  Object.fromEntries(
    Object.entries(decided).map(([id, result]) => [id, result === 'accept' ? 'accept' : 'reject']),
  )

type Answer = { choices: Record<string, Choice>; keep: boolean }

function showDialog(templates: Template[]): Promise<Answer> {
  return new Promise((resolve) => {
    const dialog = el('dialog', 'mp-dialog mp-subscribe')
    dialog.setAttribute('aria-label', '订阅消息')
    const boxes = templates.map(({ title }) => checkbox(title, true))
    const keep = checkbox('总是保持以上选择，不再询问', false)
    const close = (isAllowed: boolean): void => {
      dialog.remove()
      const choices = templates.map(({ templateId }, index) => [
        templateId,
        isAllowed && boxes[index]!.box.checked ? 'accept' : 'reject',
      ])
      resolve({ choices: Object.fromEntries(choices) as Answer['choices'], keep: keep.box.checked })
    }
    const actions = el('footer')
    actions.append(button('取消', 'mp-cancel', () => close(false)))
    actions.append(button('允许', 'mp-confirm', () => close(true)))
    dialog.append(
      el('small', '', '进度通 申请'),
      el('h2', '', '发送以下消息'),
      ...boxes.map(({ label }) => label),
      keep.label,
      actions,
    )
    dialog.oncancel = () => close(false)
    document.body.append(dialog)
    dialog.showModal()
  })
}

function checkbox(text: string, checked: boolean) {
  const box = Object.assign(document.createElement('input'), { type: 'checkbox', checked })
  const label = el('label')
  label.append(box, text)
  return { box, label }
}
