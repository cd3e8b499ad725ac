import { lockKey, type Db } from '../../lib/db.ts'

/** Whose consent to what. */
export type Subject = { accountId: number; templateId: string }

const of = ({ accountId, templateId }: Subject) => ({
  account_id: accountId,
  template_id: templateId,
})

/** Until the transaction ends nobody else adds, ends or gives back consents of this account to this template. */
export const lockConsents = (db: Db, { accountId, templateId }: Subject) =>
  lockKey(db, `consents:${String(accountId)}:${templateId}`)

export const findAccount = async (db: Db, openid: string): Promise<number | undefined> =>
  (
    await db('accounts')
      .where({ app: 'miniprogram', openid })
      .first<{ id: number } | undefined>('id')
  )?.id

type Given = Subject & { givenAt: Date; source: 'push' | 'client'; now: Date }

/** The same one again changes nothing; what was given before the last end is void at once. */
export const insertConsent = (db: Db, { givenAt, source, now, ...subject }: Given) =>
  db.raw(
    `
    insert into notice_consents (account_id, template_id, given_at, source, spent_at)
    select :accountId, :templateId, :givenAt, :source,
      (select :now::timestamptz from notice_consent_ends e
       where e.account_id = :accountId and e.template_id = :templateId and e.ended_at >= :givenAt)
    on conflict on constraint notice_consents_given_key do nothing`,
    { ...subject, source, givenAt: givenAt.toISOString(), now: now.toISOString() },
  )

/** What was given until `at` is void, also what is told of later. */
export async function endConsents(
  db: Db,
  { at, now, ...subject }: Subject & { at: Date; now: Date },
): Promise<void> {
  await db('notice_consent_ends')
    .insert({ ...of(subject), ended_at: at })
    .onConflict(['account_id', 'template_id'])
    .merge({ ended_at: db.raw('greatest(notice_consent_ends.ended_at, excluded.ended_at)') })
  await left(db, subject).where('given_at', '<=', at).update({ spent_at: now })
}

const left = (db: Db, subject: Subject) =>
  db('notice_consents').where(of(subject)).whereRaw('spent_at is null')

/** Takes the oldest that is left, which nobody else can take then; undefined: none is. */
export async function takeConsent(
  db: Db,
  { now, ...subject }: Subject & { now: Date },
): Promise<number | undefined> {
  const [taken] = await db('notice_consents')
    .where(
      'id',
      left(db, subject).orderBy('given_at').limit(1).forUpdate().skipLocked().select('id'),
    )
    .update({ spent_at: now })
    .returning<{ id: number }[]>('id')
  return taken?.id
}

/** Nothing was sent by it; void if all were ended meanwhile. */
export const giveBack = (db: Db, consentId: number) =>
  db('notice_consents as c')
    .where('c.id', consentId)
    .whereNotExists((ended) =>
      ended
        .select(db.raw('1'))
        .from('notice_consent_ends as e')
        .whereRaw('e.account_id = c.account_id and e.template_id = c.template_id')
        .whereRaw('e.ended_at >= c.given_at'),
    )
    .update({ spent_at: null })

/** How many of each template are left. */
export async function countLeft(db: Db, accountId: number): Promise<Map<string, number>> {
  const rows = await db('notice_consents')
    .where({ account_id: accountId })
    .whereRaw('spent_at is null')
    .groupBy('template_id')
    .select<{ templateId: string; count: string }[]>(
      { templateId: 'template_id' },
      db.raw('count(*) as count'),
    )
  return new Map(rows.map(({ templateId, count }) => [templateId, Number(count)]))
}

export const countGivenSince = async (
  db: Db,
  { since, ...subject }: Subject & { since: Date },
): Promise<number> => {
  const [row] = await db('notice_consents')
    .where(of(subject))
    .where('given_at', '>', since)
    .count<{ count: string }[]>({ count: '*' })
  return Number(row!.count)
}
