import type { AdvisorBody } from '../../../shared/api/advisors.ts'
import { isSameMember } from '../../../shared/userid.ts'

export type Section = { heading: string; text: string; pictures: string[] }
/** What the office says of an advisor; pictures by their ids. */
export type Content = {
  name: string
  title: string | null
  summary: string | null
  photo: string | null
  resume: Section[]
  services: string[]
  memberUserId: string | null
  active: boolean
}

const NEW: Omit<Content, 'name'> = {
  title: null,
  summary: null,
  photo: null,
  resume: [],
  services: [],
  memberUserId: null,
  active: true,
}

const or = <Value>(said: Value | undefined, known: Value): Value =>
  said === undefined ? known : said

/** What is said of him after this; a field left out stays. */
export function toContent(before: Content | undefined, said: AdvisorBody): Content {
  const known = before ?? { ...NEW, name: said.name }
  const resume = said.resume?.map((section) => ({ ...section, pictures: section.pictures ?? [] }))
  return {
    name: said.name,
    title: or(said.title, known.title),
    summary: or(said.summary, known.summary),
    photo: or(said.photo, known.photo),
    resume: or(resume, known.resume),
    services: or(said.services, known.services),
    memberUserId: toMember(said.memberUserid, known.memberUserId),
    active: or(said.active, known.active),
  }
}

/** A member stays spelled as he was first. */
function toMember(said: string | null | undefined, known: string | null): string | null {
  if (said === undefined) return known
  return said !== null && known !== null && isSameMember(said, known) ? known : said
}

/** The fields that are different now, as they were and as they are; null when there is none. */
export function findChanges(
  before: Content | undefined,
  after: Content,
): { before: Partial<Content> | null; after: Partial<Content> } | null {
  if (before === undefined) return { before: null, after }
  const changed = (Object.keys(after) as (keyof Content)[]).filter(
    (key) => toText(before[key]) !== toText(after[key]),
  )
  if (changed.length === 0) return null
  return { before: pick(before, changed), after: pick(after, changed) }
}

/** Fields of a section always in one order, however they were stored. */
const toText = (value: Content[keyof Content]): string =>
  JSON.stringify(value, ['heading', 'text', 'pictures'])

const pick = (content: Content, keys: readonly (keyof Content)[]): Partial<Content> =>
  Object.fromEntries(keys.map((key) => [key, content[key]]))

export const picturesOf = ({ photo, resume }: Pick<Content, 'photo' | 'resume'>): string[] => [
  ...new Set([...(photo === null ? [] : [photo]), ...resume.flatMap(({ pictures }) => pictures)]),
]

const HOUR_MS = 3_600_000
export const INVITATION_MS = 7 * 24 * HOUR_MS

export type Invitation = {
  advisorId: string
  expiresAt: Date
  usedAt: Date | null
  endedAt: Date | null
}
type Join = { invitation: Invitation | undefined; isAdvisor: string | undefined; now: Date }

/** `invalid`: there is no such invitation, or none any more. `other_advisor`: who comes is another advisor already. */
export function decideJoin({
  invitation,
  isAdvisor,
  now,
}: Join): 'join' | 'invalid' | 'other_advisor' {
  if (!invitation) return 'invalid'
  const { advisorId, usedAt, endedAt, expiresAt } = invitation
  if (usedAt !== null || endedAt !== null || expiresAt <= now) return 'invalid'
  return isAdvisor === undefined || isAdvisor === advisorId ? 'join' : 'other_advisor'
}

/** Invitations that an account may try in an hour: whoever was invited needs one. */
export const TRIES = { most: 10, withinMs: HOUR_MS } as const

/** Milliseconds until an account may try again; 0: now. */
export const findJoinWait = (
  { tries, since }: { tries: number; since: Date },
  now: Date,
): number => (tries > TRIES.most ? since.getTime() + TRIES.withinMs - now.getTime() : 0)
