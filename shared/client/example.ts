import { createClient } from './client.ts'

/** A customer called: why can he not see his project, and what would happen if his old number were handed over? */
export async function lookInto(at: { baseUrl: string; key: string }, name: string, phone: string) {
  const api = createClient(at)
  const found = await api('POST /api/admin/customers/search', { body: { q: name } })
  if (!found.ok) return [`${found.code}: ${found.message}`]
  const whys = found.data.items.map(({ customerNo, why }) => `${customerNo}: ${why.text}`)
  const tried = await api('POST /api/admin/phones/hand-over', {
    body: { phone, since: '2026-03-01T00:00:00+08:00', reason: '客户来电：换了号码', dryRun: true },
  })
  const handed = tried.ok ? `stays his: ${tried.data.stay.join(', ')}` : tried.message
  return [...whys, handed]
}
