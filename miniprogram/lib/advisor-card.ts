import type { AdvisorCard } from '../services/advisors.ts'
import { toPictureUrl } from './picture.ts'

export type AdvisorFace = {
  id: string
  name: string
  title: string
  summary: string
  face: string
  services: string[]
}

/** An advisor as pages show him: nothing is null, and the picture has its address. */
export const toFace = ({
  advisorId,
  name,
  title,
  summary,
  photo,
  services,
}: AdvisorCard): AdvisorFace => ({
  id: advisorId,
  name,
  title: title ?? '',
  summary: summary ?? '',
  face: photo ? toPictureUrl(photo.thumb) : '',
  services,
})
