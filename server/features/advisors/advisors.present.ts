import type {
  Advisor as AdvisorAnswer,
  AdvisorCard,
  AdvisorOfOffice,
} from '../../../shared/api/advisors.ts'
import type { Media } from '../media/media.ts'
import type { Advisor } from './advisors.store.ts'

type AddressOf = Media['addressOf']

const toPicture = (addressOf: AddressOf, id: string) => ({
  thumb: addressOf(id, 'thumb'),
  full: addressOf(id, 'full'),
})

export const toCard = (
  { advisorId, name, title, summary, photo, services }: Advisor,
  addressOf: AddressOf,
): AdvisorCard => ({
  advisorId,
  name,
  title,
  summary,
  photo: photo === null ? null : toPicture(addressOf, photo),
  services,
})

export const toResume = (
  { resume }: Pick<Advisor, 'resume'>,
  addressOf: AddressOf,
): AdvisorAnswer['resume'] =>
  resume.map(({ heading, text, pictures }) => ({
    heading,
    text,
    pictures: pictures.map((id) => toPicture(addressOf, id)),
  }))

/** Who has lost his account has not joined. */
export const toOfOffice = ({
  memberUserId,
  accountId,
  joinedAt,
  updatedAt,
  ...content
}: Advisor): AdvisorOfOffice => ({
  ...content,
  memberUserid: memberUserId,
  joinedAt: accountId === null || joinedAt === null ? null : joinedAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})
