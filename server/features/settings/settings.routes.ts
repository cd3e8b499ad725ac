import { Settings as SettingsAnswer, SettingsBody } from '../../../shared/api/settings.ts'
import type { Refusals } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { Settings } from './settings.ts'

const NOT_SAVED = {
  set_once: [409, 'settings.set_once', '{field} 已经设定，不能再改'],
  in_future: [400, 'settings.in_future', '{field} 不能晚于现在'],
  word_in_both_lists: [
    400,
    'settings.word_in_both_lists',
    '“{word}”同时在 running 和 finished 里，请只保留一处',
  ],
  template_twice: [
    400,
    'settings.template_twice',
    '模板 {template} 用在两种通知上，请为每种通知选不同的模板',
  ],
} satisfies Refusals

export function createSettingsRoutes(settings: Settings): Route[] {
  const path = '/api/admin/settings'
  return [
    route(
      {
        method: 'get',
        path,
        who: 'viewer',
        summary: 'What the company decides by itself',
        data: SettingsAnswer,
      },
      async () => ({ data: await settings.read() }),
    ),
    route(
      {
        method: 'put',
        path,
        who: 'admin',
        summary: 'Change settings; a field left out stays',
        body: SettingsBody,
        data: SettingsAnswer,
        refusals: NOT_SAVED,
      },
      async ({ caller, body, requestId }) => {
        const saved = await settings.change(body, { name: caller.name, requestId })
        if (saved.kind === 'saved')
          return { data: saved.settings, message: saved.changed ? '设置已保存' : '内容没有变化' }
        const { kind, ...words } = saved
        return { refused: kind, words }
      },
    ),
  ]
}
