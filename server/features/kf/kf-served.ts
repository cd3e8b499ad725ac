import type { Db } from '../../lib/db.ts'
import { SERVED_BY_PEOPLE_MS } from './kf.rules.ts'
import { wasServedByPeople } from './kf.store.ts'

/** Answers whether people have lately been seen to serve the account of the bind link from a customer's first word on. */
export const createKfServed =
  ({ db, openKfId, clock }: { db: Db; openKfId: string; clock: () => Date }) =>
  (): Promise<boolean> =>
    wasServedByPeople(db, { openKfId, since: new Date(clock().getTime() - SERVED_BY_PEOPLE_MS) })
