import type { AdvisorBody, AdvisorOfOffice } from '../../../shared/api/advisors.ts'
import { inTransaction } from '../../lib/db.ts'
import type { Uploader } from '../media/media.ts'
import { record, type AdvisorsDeps, type By, type Tx } from './advisors.deps.ts'
import { toOfOffice } from './advisors.present.ts'
import { findChanges, picturesOf, toContent, type Content } from './advisors.rules.ts'
import * as store from './advisors.store.ts'
import * as invitations from './invitations.store.ts'

export type Saving = { advisorId: string; body: AdvisorBody; by: By; uploader: Uploader }
export type Saved =
  | { kind: 'saved'; advisor: AdvisorOfOffice; changed: boolean }
  /** `unknown_picture`: one of them is not there, not his who saves, or belongs to something else. */
  | { kind: 'refused'; reason: 'member_taken' | 'unknown_picture' }

/** What the office says of an advisor, who is new or known; what nobody uses any more of his pictures goes. */
export const save = (deps: AdvisorsDeps, saving: Saving): Promise<Saved> =>
  inTransaction(deps, async (tx): Promise<Saved> => {
    const { advisorId, body, by } = saving
    await store.lockAdvisors(tx.db)
    const before = await store.findWhole(tx.db, advisorId)
    const content = toContent(before, body)
    const changes = findChanges(before, content)
    if (before && !changes) return { kind: 'saved', advisor: toOfOffice(before), changed: false }
    if (await isTaken(tx, { advisorId, content }))
      return { kind: 'refused', reason: 'member_taken' }
    if (!(await keepPictures(tx, { ...saving, before, content })))
      return { kind: 'refused', reason: 'unknown_picture' }
    const now = tx.clock()
    await store.writeAdvisor(tx.db, { advisorId, content, now })
    if (!content.active) await invitations.endInvitations(tx.db, { advisorId, now })
    await record(tx, { by, operation: 'advisor.saved', advisorId, ...changes!, now })
    const advisor = await store.findWhole(tx.db, advisorId)
    return { kind: 'saved', advisor: toOfOffice(advisor!), changed: true }
  })

async function isTaken(
  { db }: Tx,
  { advisorId, content: { memberUserId } }: { advisorId: string; content: Content },
): Promise<boolean> {
  if (memberUserId === null) return false
  const other = await store.findOfMember(db, memberUserId)
  return other !== undefined && other.advisorId !== advisorId
}

type Keeping = Saving & { before: Content | undefined; content: Content }

/** Those that stay may be another officer's: only what is new must be his who saves. */
async function keepPictures(
  { db, media }: Tx,
  { advisorId, uploader, before, content }: Keeping,
): Promise<boolean> {
  const subject = { kind: 'advisor', id: advisorId }
  const used = picturesOf(content)
  const known = before ? picturesOf(before) : []
  const mediaIds = used.filter((id) => !known.includes(id))
  if (!(await media.attach(db, { mediaIds, by: uploader, subject }))) return false
  await media.remove(db, { subject, except: used })
  return true
}

export type TakenAway =
  { kind: 'unknown' } | { kind: 'without'; advisor: AdvisorOfOffice; isChanged: boolean }

/** He has lost his phone or his WeChat: that account sees nothing of an advisor's from now on, and no invitation leads back. */
export const takeAccount = (
  deps: AdvisorsDeps,
  { advisorId, by }: { advisorId: string; by: By },
): Promise<TakenAway> =>
  inTransaction(deps, async (tx): Promise<TakenAway> => {
    await store.lockAdvisors(tx.db)
    const before = await store.findAdvisor(tx.db, advisorId)
    if (!before) return { kind: 'unknown' }
    const { accountId } = before
    const now = tx.clock()
    await invitations.endInvitations(tx.db, { advisorId, now })
    if (accountId !== null) {
      await store.setAccount(tx.db, { advisorId, accountId: null, now })
      await record(tx, {
        by,
        operation: 'advisor.account_taken',
        advisorId,
        before: { accountId },
        after: { accountId: null },
        now,
      })
    }
    const advisor = toOfOffice((await store.findWhole(tx.db, advisorId))!)
    return { kind: 'without', advisor, isChanged: accountId !== null }
  })

/** The operation log says who ended it: nobody among people. */
const LEFT: By = { name: 'member.left', requestId: 'member.left' }

/** Who has left the company is shown to customers no more, and sees none of their numbers, until the office says otherwise. */
export const retire = (deps: AdvisorsDeps, userId: string): Promise<void> =>
  inTransaction(deps, async (tx) => {
    await store.lockAdvisors(tx.db)
    const advisor = await store.findOfMember(tx.db, userId)
    if (!advisor?.active) return
    const { advisorId } = advisor
    const now = tx.clock()
    await store.setActive(tx.db, { advisorId, active: false, now })
    await invitations.endInvitations(tx.db, { advisorId, now })
    await record(tx, {
      by: LEFT,
      operation: 'advisor.retired',
      advisorId,
      before: { active: true },
      after: { active: false },
      now,
    })
  })
