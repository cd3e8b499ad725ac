import type { RightsRequest, RightsRequests } from '../../shared/api/rights.ts'
import { request } from '../lib/api.ts'

export type { RightsRequest }
export type RightsKind = RightsRequest['kind']

const PATH = '/api/rights/requests'

/** What I asked for, the latest first. */
export const fetchRequests = async (): Promise<RightsRequest[]> =>
  (await request<RightsRequests>({ path: PATH })).items

/** Asks for a copy of what is kept of me, or for its end; answers all that I asked for. */
export const askFor = async (kind: RightsKind): Promise<RightsRequest[]> =>
  (await request<RightsRequests>({ method: 'POST', path: PATH, body: { kind } })).items
