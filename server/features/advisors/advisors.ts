import type {
  Advisor as AdvisorAnswer,
  AdvisorCard,
  AdvisorOfOffice,
} from '../../../shared/api/advisors.ts'
import type { Db } from '../../lib/db.ts'
import { cutPage } from '../../lib/pages.ts'
import type { AdvisorsDeps, By } from './advisors.deps.ts'
import { toCard, toOfOffice, toResume } from './advisors.present.ts'
import * as store from './advisors.store.ts'
import { invite, join, lookAtInvitation } from './joining.ts'
import { retire, save, takeAccount, type Saving } from './office.ts'

type Page = { after: string; limit: number }
/** `next`: the id behind which the next page begins. */
type Listed<Item> = { items: Item[]; next: string | undefined }

/**
 * Advisors: people of the company whom customers may ask and book. Keeps `advisors`, `advisor_invitations` and
 * `advisor_join_tries`. Woken by the office, by who opens an invitation, by customers who look, and by `member.left`. Asks
 * `media` for pictures; tells nobody.
 */
export function createAdvisors(deps: AdvisorsDeps) {
  return {
    /** The advisor of this id, active or not. */
    find: (advisorId: string, db: Db = deps.db) => store.findAdvisor(db, advisorId),
    /** Whose account this is, if it is an advisor's. */
    findOf: (accountId: number, db: Db = deps.db) => store.findOfAccount(db, accountId),
    /** The advisor who is this member of WeCom, however his userid is spelled. */
    findOfMember: (userId: string, db: Db = deps.db) => store.findOfMember(db, userId),
    /** What the office says of an advisor. */
    save: (saving: Saving) => save(deps, saving),
    /** As the office sees them. */
    list: (page: Page) => list(deps, page),
    read: async (advisorId: string): Promise<AdvisorOfOffice | null> => {
      const found = await store.findWhole(deps.db, advisorId)
      return found ? toOfOffice(found) : null
    },
    invite: (inviting: { advisorId: string; by: By }) => invite(deps, inviting),
    /** Whose invitation it is, before it is taken. */
    lookAtInvitation: (coming: Parameters<typeof lookAtInvitation>[1]) =>
      lookAtInvitation(deps, coming),
    join: (coming: Parameters<typeof join>[1]) => join(deps, coming),
    takeAccount: (taking: { advisorId: string; by: By }) => takeAccount(deps, taking),
    /** A member has left. */
    retire: (userId: string) => retire(deps, userId),
    /** As customers see them: those who are there for them. */
    listShown: (page: Page) => listShown(deps, page),
    show: (advisorId: string) => show(deps, advisorId),
    /** The same, of somebody who is known to be there. */
    showCard: async (advisorId: string): Promise<AdvisorCard> =>
      toCard((await store.findWhole(deps.db, advisorId))!, deps.media.addressOf),
  }
}
export type Advisors = ReturnType<typeof createAdvisors>
export type { AdvisorRow } from './advisors.store.ts'

async function list(
  { db }: AdvisorsDeps,
  { after, limit }: Page,
): Promise<Listed<AdvisorOfOffice>> {
  const found = await store.pageAdvisors(db, { after, limit: limit + 1 })
  const { shown, last } = cutPage(found, limit)
  return { items: shown.map(toOfOffice), next: last?.advisorId }
}

async function listShown(
  { db, media }: AdvisorsDeps,
  { after, limit }: Page,
): Promise<Listed<AdvisorCard>> {
  const found = await store.pageActive(db, { after, limit: limit + 1 })
  const { shown, last } = cutPage(found, limit)
  return { items: shown.map((one) => toCard(one, media.addressOf)), next: last?.advisorId }
}

/** Unknown and not there for customers are the same to them. */
async function show(
  { db, media, support }: AdvisorsDeps,
  advisorId: string,
): Promise<AdvisorAnswer | null> {
  const found = await store.findWhole(db, advisorId)
  if (!found?.active) return null
  return {
    ...toCard(found, media.addressOf),
    resume: toResume(found, media.addressOf),
    support: await support(),
  }
}
