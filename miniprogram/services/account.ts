import type { MeAnswer } from '../../shared/api/sign-in.ts'
import { request, session } from '../lib/api.ts'
import type { ChatLink } from '../lib/ui.ts'

/** `support`: a link to the customer-service chat that needs no code, when the server gives one. */
export type Me = MeAnswer & { support?: ChatLink }

export const fetchMe = (): Promise<Me> => request<Me>({ path: '/api/me' })

/** Signs in ahead of the first page; a page that needs the session tells the customer when it fails. */
export const signInAhead = (): Promise<void> =>
  session.token().then(
    () => {},
    () => {},
  )

/** The server ends every session with the binding. */
export async function endBinding(): Promise<void> {
  await request<unknown>({ method: 'DELETE', path: '/api/binding' })
  session.end()
}
