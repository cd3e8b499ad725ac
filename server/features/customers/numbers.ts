import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { CustomersDeps } from './customers.deps.ts'
import { giveNamed, handOver, type HandOver, type Named } from './customers.hand-over.ts'
import { resolvePhone } from './customers.join.ts'
import { lockForPhone, lockNumbers } from './customers.locks.ts'
import { withdrawVouching } from './customers.manual.ts'
import { askWhose, considerNumbers, reconsiderNumbers, type Whose } from './customers.numbers.ts'
import { changePhone, type PhoneChange } from './customers.phone-change.ts'
import * as store from './customers.store.ts'
import * as numbers from './numbers.store.ts'

type Kept = { externalUserId: string; phoneHmac: Buffer; by: string; reason: string; now: Date }

/** The part of the room's menu that is about phone numbers: who has one, and whose the orders of it are. */
export function createNumbers(deps: CustomersDeps) {
  return {
    lockNumbers,
    /** The locks of changePhone(), for who locks more after them: rows of customers come last. */
    lockForPhone: async (db: Db, { customerId, phone }: { customerId: number; phone: string }) => {
      const customer = await store.findCustomer(db, customerId)
      if (customer)
        await lockForPhone({ ...deps, db }, { ...customer, wanted: deps.evidence.hashPhone(phone) })
    },
    /** Another phone for a customer (D9). */
    changePhone: (db: Db, change: PhoneChange) => changePhone({ ...deps, db }, change),
    /** What admins said of his number was wrong. Hold the locks of his ties. */
    withdrawVouching: (db: Db, of: Parameters<typeof withdrawVouching>[1]) =>
      withdrawVouching({ ...deps, db }, of),
    /** Says of every order of these numbers whose it is (table A). Hold their locks. */
    considerNumbers: (db: Db, look: { phoneHmacs: readonly Buffer[]; now: Date }) =>
      considerNumbers({ ...deps, db }, look),
    /** A number as it may be shown. */
    maskNumber: async (db: Db, phoneHmac: Buffer): Promise<string> =>
      maskPhone((await numbers.findHolder(db, phoneHmac))?.phone ?? '***********'),
    /** Asks staff whose number it is now. */
    askWhose: (db: Db, whose: Whose) => askWhose({ ...deps, db }, whose),
    /** D20, for a normalised phone. Take lockPeople() before. */
    handOver: (db: Db, { phone, ...hand }: Omit<HandOver, 'phone'> & { phone: string }) =>
      handOver({ ...deps, db }, { ...hand, phone: deps.evidence.toPhone(phone) }),
    /** What a hand-over named goes to the next owner, if he has proven the number. Look at him before. */
    giveNamed: (db: Db, named: Named) => giveNamed({ ...deps, db }, named),
    /** The contact still has the number: a person said so. */
    keepNumber: async (db: Db, kept: Kept) => {
      await numbers.insertAnswer(db, { kind: 'same', ...kept })
    },
    /** Looks at numbers of which the table knows nothing yet, or at all; each in a transaction of its own, nobody is asked. */
    reconsiderNumbers: (all: boolean) => reconsiderNumbers(deps, all),
    /** The customer of a normalised phone, made when unknown (D14). */
    resolvePhone: (db: Db, stated: { phone: string; now: Date }) =>
      resolvePhone({ ...deps, db }, stated),
  }
}
