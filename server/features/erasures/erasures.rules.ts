import { normalisePhone } from '../../../shared/phone.ts'

/** When somebody was erased, and whether he has come back by himself since. */
export type Erased = { erasedAt: Date; returnedAt: Date | null }

/** Something that a platform tells, of a contact or of nobody. `own`: he did it himself, so he is there again. */
export type Told = { externalUserId: string | undefined; at: Date; own: boolean }

/** Nothing from before the erasure counts, and after it only what he begins himself, and what follows that. */
export const isForgotten = (
  { at, own }: Omit<Told, 'externalUserId'>,
  erased: Erased | undefined,
) => erased !== undefined && (at <= erased.erasedAt || (!own && erased.returnedAt === null))

type Follow = { createdAt: Date; remark?: string; remarkMobiles: string[] }

/** Of follows those that began after the erasure. */
export const sinceErasure = <F extends Follow>(
  follows: readonly F[],
  erased: Erased | undefined,
): F[] => follows.filter(({ createdAt }) => !erased || createdAt > erased.erasedAt)

/** What is noted at a contact, without the numbers of people who were erased after it began. */
export function withoutNotes<F extends Follow>(follow: F, erasedAt: ReadonlyMap<string, Date>): F {
  const gone = [...erasedAt].filter(([, at]) => follow.createdAt <= at).map(([phone]) => phone)
  if (gone.length === 0) return follow
  const isGone = (typed: string): boolean => gone.includes(normalisePhone(typed) ?? '')
  const { remark, ...rest } = follow
  const isNamed = remark !== undefined && gone.some((phone) => remark.includes(phone))
  return {
    ...(rest as F),
    ...(remark !== undefined && !isNamed && { remark }),
    remarkMobiles: follow.remarkMobiles.filter((typed) => !isGone(typed)),
  }
}
