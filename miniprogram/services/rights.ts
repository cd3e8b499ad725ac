import type { RightsRequest, RightsRequests } from '../../shared/api/rights.ts'
import { api } from '../lib/api.ts'

export type { RightsRequest }
export type RightsKind = RightsRequest['kind']

const PATH = '/api/rights/requests'

/** What I asked for, the latest first. */
export const fetchRequests = async (): Promise<RightsRequest[]> =>
  (await api.get<RightsRequests>(PATH)).items

/** Asks for a copy of what is kept of me, or for its end; answers all that I asked for. */
export const askFor = async (kind: RightsKind): Promise<RightsRequest[]> =>
  (await api.post<RightsRequests>(PATH, { kind })).items
