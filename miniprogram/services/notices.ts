import type { NoticeTemplates } from '../../shared/api/notices.ts'
import { api } from '../lib/api.ts'
import type { Consents } from '../lib/subscribe.ts'

export type NoticeTemplate = NoticeTemplates['items'][number]

/** What customers may be told by subscribe messages; none where the company has none. */
export const fetchTemplates = async (): Promise<NoticeTemplate[]> =>
  forCustomers(await api.get<NoticeTemplates>('/api/notices/templates'))

/** A hint: where WeChat tells the server by itself, that counts. Answers what is left then. */
export const reportConsents = async (results: Consents): Promise<NoticeTemplate[]> =>
  forCustomers(await api.post<NoticeTemplates>('/api/notices/consents', { results }))

const forCustomers = ({ items }: NoticeTemplates): NoticeTemplate[] =>
  items.filter((template) => template.for === 'customer')
