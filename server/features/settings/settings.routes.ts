import { Settings as SettingsAnswer, SettingsBody } from '../../../shared/api/settings.ts'
import { HttpError } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { Settings } from './settings.ts'

type Refusal = Exclude<Awaited<ReturnType<Settings['change']>>, { kind: 'saved' }>

function toError(refusal: Refusal): HttpError {
  switch (refusal.kind) {
    case 'set_once':
      return new HttpError(409, 'settings.set_once', `${refusal.field} 已经设定，不能再改`)
    case 'in_future':
      return new HttpError(400, 'settings.in_future', `${refusal.field} 不能晚于现在`)
    case 'word_in_both_lists':
      return new HttpError(
        400,
        'settings.word_in_both_lists',
        `“${refusal.word}”同时在 running 和 finished 里，请只保留一处`,
      )
  }
}

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
      },
      async ({ caller, body, requestId }) => {
        const saved = await settings.change(body, { name: caller.name, requestId })
        if (saved.kind !== 'saved') throw toError(saved)
        return { data: saved.settings, message: saved.changed ? '设置已保存' : '内容没有变化' }
      },
    ),
  ]
}
