import { toFace, type AdvisorFace } from '../../lib/advisor-card.ts'
import { toPictureUrl } from '../../lib/picture.ts'
import { PAGES, type ChatLink } from '../../lib/ui.ts'
import type { Advisor } from '../../services/advisors.ts'

type Shot = { key: number; thumb: string; full: string; label: string }
export type Section = { key: number; heading: string; text: string; pictures: Shot[] }
export type AdvisorView = AdvisorFace & { sections: Section[]; support: ChatLink | null }

export const toAdvisorView = (advisor: Advisor): AdvisorView => ({
  ...toFace(advisor),
  sections: advisor.resume.map(({ heading, text, pictures }, index) => ({
    key: index,
    heading,
    text,
    pictures: pictures.map(({ thumb, full }, at) => ({
      key: at,
      thumb: toPictureUrl(thumb),
      full: toPictureUrl(full),
      label: `${heading}的图片，第 ${at + 1} 张，共 ${pictures.length} 张`,
    })),
  })),
  support: advisor.support,
})

/** The pictures of the section that one is in, as they are leafed through. */
export function toAlbum(
  { sections }: Pick<AdvisorView, 'sections'>,
  { section, picture }: { section: number; picture: number },
): { urls: string[]; current: string } | null {
  const urls = (sections[section]?.pictures ?? []).map(({ full }) => full)
  const current = urls[picture]
  return current === undefined ? null : { urls, current }
}

/** The card that goes to a friend. It holds nobody's data but the advisor's. */
export const toShare = ({ id, name, title }: Pick<AdvisorView, 'id' | 'name' | 'title'>) => ({
  title: title === '' ? `顾问 ${name}` : `${name} · ${title}`,
  path: PAGES.advisor(id),
})
