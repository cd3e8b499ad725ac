import type { AdvisorMe } from '../../shared/api/advisors.ts'
import { api, session } from '../lib/api.ts'
import { RequestError } from '../lib/request.ts'

let known: { token: string; isAdvisor: boolean } | null = null

export const fetchSelf = (): Promise<AdvisorMe> => api.get('/api/advisor/me')

/** Whether who holds the phone is an advisor: asked once per sign-in, since for almost everybody the answer is no. */
export async function isAdvisor(): Promise<boolean> {
  const token = await session.token().catch(() => '')
  if (token === '') return false
  if (known?.token !== token) {
    const answer = await fetchSelf().then(() => true, toNo)
    if (answer === undefined) return false
    known = { token, isAdvisor: answer }
  }
  return known.isAdvisor
}

/** No answer says nothing. */
const toNo = (error: unknown): false | undefined =>
  error instanceof RequestError && error.status === 403 ? false : undefined

/** He has just become one. */
export const forgetAnswer = (): void => {
  known = null
}
