import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { Secrets } from '../../lib/secrets.ts'
import * as store from './evidence.store.ts'
import * as revocations from './revocations.store.ts'

type AccountPhone = Omit<Parameters<typeof store.insertAccountPhone>[1], 'phone'> & {
  phone: string
}

/**
 * The facts E1 to E8 that tie two of account, contact and phone (product.md, section 2). Keeps `evidence`: never a full
 * phone, never the text of a message. Woken by the rooms that see such a fact, in the transaction in which they see it.
 * Tells nobody, and decides nothing: a fact that ended is kept, with when and why; what facts mean is the business of
 * `ties` and `customers`.
 */
export function createEvidence({ secrets }: { secrets: Pick<Secrets, 'hmac'> }) {
  const hashPhone = (phone: string): Buffer => secrets.hmac('phone', phone)
  /** A normalised phone in the three ways in which it is used. */
  const toPhone = (plain: string): store.Phone => ({
    plain,
    hmac: hashPhone(plain),
    masked: maskPhone(plain),
  })
  return {
    /** The keyed hash under which a normalised phone is kept (D8). */
    hashPhone,
    toPhone,
    /** Records E1 to E4 and answers its id. */
    record: store.insertPairEvidence,
    /** E5. Answers whether it is new. */
    recordPhoneSearch: store.insertPhoneSearch,
    /** The member's own tap on a number that he searched (D6). */
    confirmPhoneSearch: store.confirmPhoneSearch,
    /** E6 or E8: the account's word, or WeChat's, for a normalised phone. */
    recordPhone: (db: Db, { phone, ...row }: AccountPhone) =>
      store.insertAccountPhone(db, { ...row, phone: toPhone(phone) }),
    /** An account says its phone again while its first word still counts. */
    restatePhone: store.restateClaim,
    /** E7. Answers its id. */
    recordManual: store.insertManual,
    /** Claims that are over: what they said is no evidence any more (D26). */
    endClaims: revocations.revokeClaims,
    revoke: revocations.revoke,
    revokeManual: revocations.revokeManual,
    revokeTickets: revocations.revokeTickets,
    revokePhone: revocations.revokePhone,
    /** Two customers are one person. */
    move: store.moveEvidence,
    pageLivePhoneSearches: store.pageLivePhoneSearches,
    hasPhoneProof: store.hasPhoneProof,
    findLastRevocation: store.findLastRevocation,
    findProver: store.findProver,
    findSharedPhone: store.findSharedPhone,
    isVouchedFor: store.isVouchedFor,
    isTiedManually: store.isTiedManually,
    isTiedByClaim: store.isTiedByClaim,
  }
}
export type Evidence = ReturnType<typeof createEvidence>
export type { Phone, PhoneSearchRow, SharedPhone } from './evidence.store.ts'
