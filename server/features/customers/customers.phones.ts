import { maskPhone } from '../../../shared/phone.ts'
import type { CustomersDeps } from './customers.deps.ts'
import type { Phone } from './evidence.store.ts'

type Hashing = Pick<CustomersDeps, 'secrets'>

export const hashPhone = ({ secrets }: Hashing, phone: string): Buffer =>
  secrets.hmac('phone', phone)

/** A normalised phone in the three ways in which it is used. */
export const toPhone = (hashing: Hashing, plain: string): Phone => ({
  plain,
  hmac: hashPhone(hashing, plain),
  masked: maskPhone(plain),
})
