import { cutText } from './cut-text.ts'
import { tidyText } from './text.ts'

/** What customers write to hear how far their projects are, the same in every chat. */
const QUESTIONS: ReadonlySet<string> = new Set([
  '进度',
  '查进度',
  '查询进度',
  '项目进度',
  '查询项目进度',
  '查项目进度',
  '查看进度',
  '查看项目进度',
  '查询',
  '我的项目',
])

/** A short message without the space and the quotes around it (people copy 「查询项目进度」 as it stands) and the mark at its end. */
export const toWord = (text: string): string =>
  tidyText(text).replace(/^[\s\p{Ps}\p{Pi}"']+|[\s\p{Pe}\p{Pf}"'。.!?]+$/gu, '')

export const isProgressQuestion = (text: string): boolean => QUESTIONS.has(toWord(text))

type Progress = {
  title: string
  status: string
  stage?: string | undefined
  stagesDone: number
  stagesTotal: number
}

/** At most five projects, well below the 2048 bytes of a chat message. */
export function toProgressText(items: readonly Progress[]): string {
  const line = ({ title, status, stage, stagesDone, stagesTotal }: Progress): string => {
    const named = `${cutText(title, { characters: 30 })}：${cutText(status, { characters: 10 })}`
    const at = stage ? `，${cutText(stage, { characters: 20 })}` : ''
    return `· ${named}${at}${stagesTotal > 0 ? `（${String(stagesDone)}/${String(stagesTotal)}）` : ''}`
  }
  return `您的项目进度：\n${items.slice(0, 5).map(line).join('\n')}\n详情请打开「进度通」小程序。`
}
