/** What the client identity of members and the H5 pages of the company need; plain JSON in the world. */
export type Visitor = { kind: 'member'; userid: string } | { kind: 'person'; personId: string }
export type OauthCode = { visitor: Visitor; scope: string; issuedAt: number; used: boolean }
type JsTicket = { ticket: string; expiresAt: number }

export type StaffWorld = {
  /** who opens the next OAuth page, for a client that cannot choose by itself */
  next: Visitor | null
  codes: Record<string, OauthCode>
  tickets: Partial<Record<'corp' | 'agent', JsTicket>>
  /** host and port of the page that members were last sent back to: what an administrator enters as 可信域名 */
  trustedHost?: string
}

export const newStaffWorld = (): StaffWorld => ({ next: null, codes: {}, tickets: {} })

/** People and codes go with a reset; tickets belong to the company, and a server holds on to them. */
export function resetStaffWorld(staff: StaffWorld): void {
  staff.next = null
  staff.codes = {}
}
