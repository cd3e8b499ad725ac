import { expect, test } from '@jest/globals'
import { isProgressQuestion, toProgressText } from './progress.ts'

test.each([
  '进度',
  '查进度',
  '查询项目进度',
  ' 项目进度 ',
  '进度？',
  '查询进度。',
  '进度 ？',
  '查询',
  '查项目进度',
  '我的项目',
  '「查询项目进度」',
  '“进度”。',
  '查\u0002进度',
  '\u200b进度',
  '\u202d查进度\u202c',
  '进\ufe0f度',
])('%j asks for the progress', (text) => expect(isProgressQuestion(text)).toBe(true))
test.each([
  '',
  '进度条',
  '我想问一下进度',
  '你好',
  'constructor',
  '查询发票',
  '我的项目什么时候装',
  '“”',
])('%j does not', (text) => expect(isProgressQuestion(text)).toBe(false))

test('the answer has at most five projects and fits into a chat message whatever they are called', () => {
  const items = Array.from({ length: 8 }, () => ({
    title: '很'.repeat(200),
    status: '长'.repeat(200),
    stage: '的'.repeat(200),
    stagesDone: 10,
    stagesTotal: 20,
  }))
  const text = toProgressText(items)
  expect(text.match(/·/g)).toHaveLength(5)
  expect(Buffer.byteLength(text)).toBeLessThan(2048)
  expect(
    toProgressText([{ title: '翠湖花园', status: '施工中', stagesDone: 0, stagesTotal: 0 }]),
  ).toBe('您的项目进度：\n· 翠湖花园：施工中\n详情请打开「进度通」小程序。')
})

test('no line ends inside an emoji', () => {
  const title = `${'家'.repeat(29)}👨‍👩‍👧‍👦的别墅`
  const text = toProgressText([
    {
      title,
      status: `${'x'.repeat(9)}🏗️`,
      stage: `${'y'.repeat(19)}👷🏽`,
      stagesDone: 1,
      stagesTotal: 2,
    },
  ])
  expect(text.split('\n')[1]).toBe(
    `· ${'家'.repeat(29)}：${'x'.repeat(9)}，${'y'.repeat(19)}（1/2）`,
  )
})
