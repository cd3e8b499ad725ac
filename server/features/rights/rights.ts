import type { PersonExport } from '../../../shared/api/rights.ts'
import { erase, type Erasing } from './erase.ts'
import { renderExport } from './export-page.ts'
import { exportPerson } from './export.ts'
import * as requests from './requests.ts'
import * as store from './requests.store.ts'
import type { Operator, RightsDeps, Subject } from './rights.deps.ts'

/**
 * A person's rights (PIPL): what is kept of him, and its end. Keeps `rights_requests`; reads and empties the tables of all
 * other rooms by one list (personal-data.store.ts), the one exception from a table having one writer. Woken by customers,
 * who ask, and by admins, who export, erase or decline. Tells nobody; `erasures` keeps what must be known so that the
 * platforms do not bring back who was erased.
 */
export function createRights(deps: RightsDeps) {
  return {
    /** A customer asks. */
    ask: (asking: { accountId: number; kind: store.Kind }) => requests.ask(deps, asking),
    /** What an account asked for, the latest first. */
    listOf: (accountId: number) => store.pageOfAccount(deps.db, accountId),
    /** Who asks, for admins. */
    list: (listing: Parameters<typeof requests.list>[1]) => requests.list(deps, listing),
    decline: (declining: Parameters<typeof requests.decline>[1]) =>
      requests.decline(deps, declining),
    /** Everything about a person; undefined: there is no such person. */
    exportPerson: (exporting: { subject: Subject; operator: Operator }) =>
      exportPerson(deps, exporting),
    /** The same as a page for people. */
    toPage: (data: PersonExport): string => renderExport({ data, timeZone: deps.timeZone }),
    /** Ends what is kept of a person; undefined: there is no such person. */
    erase: (erasing: Erasing) => erase(deps, erasing),
  }
}
export type Rights = ReturnType<typeof createRights>
export type { RightsDeps, Subject } from './rights.deps.ts'
export type { AskedRow, RequestRow } from './requests.store.ts'
