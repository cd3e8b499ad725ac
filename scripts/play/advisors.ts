import { toPicture, type Colour } from './pictures.ts'
import type { Http } from './requests.ts'

type Doors = { server: Http; adminKey: string }
type Introduced = { name: string; title: string; memberUserid?: string; services?: string[] }

const WORKS: Colour[] = [
  [184, 151, 120],
  [96, 125, 116],
]
const FACE: Colour = [72, 110, 101]
export const SERVICES = ['上门量房', '方案讲解']

/** Advisors as the office introduces and invites them. */
export function createAdvisors({ server, adminKey }: Doors) {
  const upload = async (colour: Colour): Promise<string> => {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(toPicture(colour))]), 'picture.png')
    const headers = { authorization: `Bearer ${adminKey}` }
    const path = `${server.base}/api/admin/media`
    const answer = await fetch(path, { method: 'POST', headers, body: form })
    const { data } = (await answer.json()) as { data?: { mediaId: string } }
    if (!data) throw new Error(`a picture was refused: ${String(answer.status)}`)
    return data.mediaId
  }
  return {
    /** One with a photo, and a 简历 with pictures. */
    introduce: async (id: string, { services = SERVICES, ...who }: Introduced): Promise<void> => {
      const photo = await upload(FACE)
      const pictures: string[] = []
      for (const colour of WORKS) pictures.push(await upload(colour)) // one at a time is let in
      const { status, body } = await server.put(
        `/api/admin/advisors/${id}`,
        { ...who, services, photo, ...toContent(pictures), active: true },
        adminKey,
      )
      if (status !== 200) throw new Error(`${String(status)} ${JSON.stringify(body)}`)
    },
    /** The page that opens the invitation, with its query. */
    invite: async (id: string): Promise<string> => {
      const { status, body } = await server.post(
        `/api/admin/advisors/${id}/invite`,
        undefined,
        adminKey,
      )
      if (status !== 200) throw new Error(`${String(status)} ${JSON.stringify(body)}`)
      return String(body.data.miniprogramPath)
    },
  }
}

/** The invitation in such a page. */
export const toInvite = (path: string): string =>
  new URLSearchParams(path.split('?')[1]).get('invite') ?? ''

const toContent = (pictures: string[]) => ({
  summary: '做全屋定制十年，先听您怎么住，再画怎么装。',
  resume: [
    {
      heading: '经历',
      text: '2016 年起做住宅设计，完成 200 多户。\n2021 年起带方案组，负责翠湖花园、滨江一号。',
    },
    { heading: '作品', text: '翠湖花园 3 栋 1502，130 平方米，三口之家。', pictures },
  ],
})
