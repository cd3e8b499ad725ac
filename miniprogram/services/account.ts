import type { MeAnswer } from '../../shared/api/sign-in.ts'
import { api, session } from '../lib/api.ts'
import type { ChatLink } from '../lib/ui.ts'

/** `support`: a link to the customer-service chat that needs no code, when the server gives one. */
export type Me = MeAnswer & { support?: ChatLink }

export const fetchMe = (): Promise<Me> => api.get<Me>('/api/me')

/** Signs in ahead of the first page; a page that needs the session tells the customer when it fails. */
export const signInAhead = (): Promise<void> =>
  session.token().then(
    () => {},
    () => {},
  )

/** The server ends every session with the binding. */
export async function endBinding(): Promise<void> {
  await api.delete<unknown>('/api/binding')
  session.end()
}
