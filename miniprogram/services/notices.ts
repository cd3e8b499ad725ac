import { api } from '../lib/api.ts'
import type { Consents } from '../lib/subscribe.ts'

/** `remaining`: messages that were agreed to and not sent yet, where the server knows. */
export type NoticeTemplate = {
  templateId: string
  title: string
  for: 'customer' | 'advisor'
  remaining?: number
}

/** What customers may be told by subscribe messages; none where the company has none. */
export const fetchTemplates = async (): Promise<NoticeTemplate[]> =>
  (await api.get<{ items: NoticeTemplate[] }>('/api/notices/templates')).items.filter(
    (template) => template.for === 'customer',
  )

/** A hint: what WeChat tells the server by itself counts. */
export const reportConsents = (results: Consents): Promise<unknown> =>
  api.post('/api/notices/consents', { results })
