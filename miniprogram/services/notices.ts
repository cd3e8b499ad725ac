import type { NoticeTemplates } from '../../shared/api/notices.ts'
import type { NoticeKind } from '../../shared/notices.ts'
import { api } from '../lib/api.ts'
import type { Consents } from '../lib/subscribe.ts'

export type NoticeTemplate = NoticeTemplates['items'][number]

/** What one may be told of these kinds by subscribe messages; none where the company has none. */
export const fetchTemplates = async (...kinds: NoticeKind[]): Promise<NoticeTemplate[]> =>
  only(kinds, await api.get<NoticeTemplates>('/api/notices/templates'))

/** A hint: where WeChat tells the server by itself, that counts. Answers what is left then. */
export const reportConsents = async (
  results: Consents,
  ...kinds: NoticeKind[]
): Promise<NoticeTemplate[]> =>
  only(kinds, await api.post<NoticeTemplates>('/api/notices/consents', { results }))

const only = (kinds: readonly NoticeKind[], { items }: NoticeTemplates): NoticeTemplate[] =>
  items.filter(({ kind }) => kinds.includes(kind))
