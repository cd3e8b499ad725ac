/** Whose rows are meant; the names in the conditions below. */
export type Keys = {
  customers: readonly number[]
  /** The same as the operation log writes them. */
  customerTexts: readonly string[]
  accounts: readonly number[]
  contacts: readonly string[]
  /** Of his own numbers. */
  phones: readonly Buffer[]
  orders: readonly string[]
  orderNos: readonly string[]
  requests: readonly number[]
  /** As entries of the operation log about others call him. */
  calledInLog: string
}

export const ofAccount = 'account_id = any(:accounts::bigint[])'
/** What he was told, and what advisors were told of him. */
export const ofNotice = `${ofAccount}
  or action_id = any(array(select id from customeractions where ${ofAccount}))
  or move_id = any(array(
    select id from booking_moves where booking_id = any(array(select id from bookings where ${ofAccount}))))`
export const ofContact = 'external_userid = any(:contacts::text[])'
export const ofCustomer = 'customer_id = any(:customers::bigint[])'
export const ofOrder = 'project_id = any(:orders::uuid[])'
export const ofReview = `${ofCustomer} or ${ofContact} or phone_hmac = any(:phones::bytea[])`
export const ofPending = `${ofAccount} or ${ofContact}`
export const ofTie = `${ofCustomer} or ${ofAccount} or ${ofContact}`
export const ofRequest = `${ofAccount} or id = any(:requests::bigint[])`
export const orderNo = { order_no: '(select p.order_no from projects p where p.id = t.project_id)' }

/** Rows of others may say that an account claims his number: that goes with him. */
export const ofEvidence = `${ofTie} or (phone_hmac = any(:phones::bytea[]) and kind = 'phone_claim')`

export const ofOperation = `(target_type = 'customer' and target_id = any(:customerTexts::text[]))
  or (target_type = 'contact' and target_id = any(:contacts::text[]))
  or (target_type = 'review' and target_id = any(array(select id::text from reviews where ${ofReview})))
  or (target_type in ('lead', 'booking') and target_id = any(array(
    select id::text from leads where ${ofAccount} union all select id::text from bookings where ${ofAccount})))
  or (target_type = 'claim' and target_id = any(array(select id::text from temp_bindings where ${ofAccount})))`
