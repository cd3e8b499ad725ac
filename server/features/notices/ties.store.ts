import type { Db } from '../../lib/db.ts'

/** To whom an account is tied now. */
export const findTied = (db: Db, accountId: number) =>
  db('account_access')
    .where({ account_id: accountId })
    .select({ customerId: 'customer_id', externalUserId: 'external_userid' })
    .first<{ customerId: number; externalUserId: string } | undefined>()
