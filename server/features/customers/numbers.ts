import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { CustomersDeps } from './customers.deps.ts'
import { lockForPhone } from './customers.manual.ts'
import {
  askWhose,
  considerNumbers,
  giveNamed,
  handOver,
  lockNumbers,
  reconsiderNumber,
  type HandOver,
} from './customers.numbers.ts'
import { hmacOfPhone, resolvePhone, toPhone } from './customers.phones.ts'
import * as store from './customers.store.ts'
import * as evidence from './evidence.store.ts'
import * as numbers from './numbers.store.ts'

/** The part of the room's menu that is about phone numbers: who has one, and whose the orders of it are. */
export function createNumbers(deps: CustomersDeps) {
  return {
    /** The keyed hash under which a normalised phone is kept (D8). */
    hashPhone: (phone: string): Buffer => hmacOfPhone(deps, phone),
    /** Records E6 or E8: the account's word, or WeChat's, for a normalised phone. */
    recordPhone: (
      db: Db,
      {
        phone,
        ...row
      }: Omit<Parameters<typeof evidence.insertAccountPhone>[1], 'phone'> & { phone: string },
    ) => evidence.insertAccountPhone(db, { ...row, phone: toPhone(deps, phone) }),
    /** An account says its phone again while its first word still counts. */
    restatePhone: evidence.restateClaim,
    /** Claims that are over: what they said is no evidence any more (D26). */
    endClaims: evidence.revokeClaims,
    lockNumbers,
    /** The locks of changePhone(), for who locks more after them: rows of customers come last. */
    lockForPhone: async (db: Db, { customerId, phone }: { customerId: number; phone: string }) => {
      const customer = await store.findCustomer(db, customerId)
      if (customer) await lockForPhone(deps, db, customer, hmacOfPhone(deps, phone))
    },
    /** Says of every order of these numbers whose it is (table A). Hold their locks. */
    considerNumbers: (db: Db, look: { phoneHmacs: readonly Buffer[]; now: Date }) =>
      considerNumbers(deps, db, look),
    /** A number as it may be shown. */
    maskNumber: async (db: Db, phoneHmac: Buffer): Promise<string> =>
      maskPhone((await numbers.findHolder(db, phoneHmac))?.phone ?? '***********'),
    /** Asks staff whose number it is now. */
    askWhose: (db: Db, ask: Parameters<typeof askWhose>[2]) => askWhose(deps, db, ask),
    /** D20, for a normalised phone. Take lockPeople() before. */
    handOver: (db: Db, { phone, ...hand }: Omit<HandOver, 'phone'> & { phone: string }) =>
      handOver(deps, db, { ...hand, phone: toPhone(deps, phone) }),
    /** What a hand-over named goes to the next owner, if he has proven the number. Look at him before. */
    giveNamed: (db: Db, named: Parameters<typeof giveNamed>[2]) => giveNamed(deps, db, named),
    /** The contact still has the number: a person said so. */
    keepNumber: async (
      db: Db,
      row: { externalUserId: string; phoneHmac: Buffer; by: string; reason: string; now: Date },
    ) => {
      await numbers.insertAnswer(db, { kind: 'same', ...row })
    },
    /** Looks at numbers of which the table knows nothing yet, or at all; each in a transaction of its own, nobody is asked. */
    reconsiderNumbers: (all: boolean) => reconsiderNumbers(deps, all),
    /** The customer of a normalised phone, made when unknown (D14). */
    resolvePhone: (db: Db, phone: string, now: Date) => resolvePhone(deps, db, phone, now),
  }
}

const AT_ONCE = 200

/** Undecided numbers leave the page that is read next by being decided; of all, the last one read says where to go on. */
async function reconsiderNumbers(deps: CustomersDeps, all: boolean): Promise<void> {
  let after: Buffer = Buffer.alloc(0)
  for (let more = true; more;) {
    const page = all
      ? await deps.ownership.pageNumbers(deps.db, { after, limit: AT_ONCE })
      : await deps.ownership.pageUndecided(deps.db, AT_ONCE)
    for (const phoneHmac of page)
      await deps.db.transaction((db) => reconsiderNumber(deps, db, phoneHmac, deps.clock()))
    after = page.at(-1) ?? after
    more = page.length === AT_ONCE
  }
}
