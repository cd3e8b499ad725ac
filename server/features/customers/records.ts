import * as store from './customers.store.ts'
import * as history from './history.store.ts'
import * as neighbours from './neighbours.store.ts'

/**
 * What `ties` needs of the people it ties: their rows, the history, and what the address book says of
 * them. It decides nothing and knows no other room, so that `ties` can stand between it and `customers`, which decides by
 * ties in turn.
 */
export function createCustomerRecords() {
  return {
    /** Callers lock unionids first, then accounts, contacts, phones (D14). */
    lock: store.lock,
    findCustomer: store.findCustomer,
    findByContact: store.findByContact,
    insertCustomer: store.insertCustomer,
    setBound: store.setBound,
    clearBound: store.clearBound,
    setSuspended: store.setSuspended,
    refreshStatus: store.refreshStatus,
    /** Appends to the history of decisions. */
    insertHistory: history.insertHistory,
    findContact: neighbours.findContact,
    pageFollows: neighbours.pageFollows,
  }
}
export type CustomerRecords = ReturnType<typeof createCustomerRecords>
export type { CustomerRow } from './customers.store.ts'
export type { ContactRow } from './neighbours.store.ts'
