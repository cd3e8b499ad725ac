import { cutText } from '../../../shared/cut-text.ts'

type Moved = { title: string; stage: string }

const quote = (text: string): string => `「${cutText(text, { characters: 40 })}」`

/** What a customer reads in a chat when his project has moved on. */
export const toStageText = ({ title, stage }: Moved): string =>
  `您的项目${quote(title)}有新进展：${quote(stage)}。`

/** Below it, the way to the project. */
export const OPEN_PROJECT = '查看项目进度'

/** The last field of the subscribe message. */
export const STAGE_NOTE = '点击查看项目进度'
