import { expect, test } from '@jest/globals'
import { createTeller } from './teller.ts'

test('a step is told when it has happened, and below it what was seen of it', async () => {
  const lines: string[] = []
  const { scene, step, sees, steps } = createTeller((line) => lines.push(line))
  scene('一')
  const happened = step('登录', async () => {
    sees('首页', '先\n完成绑定')
    await Promise.resolve()
    sees('服务器', '收到')
    return 7
  })
  expect(lines).toEqual(['\n一'])
  expect(await happened).toBe(7)
  sees('首页', '等')
  expect(lines).toEqual([
    '\n一',
    '  ✓ 登录',
    '    首页：先 完成绑定',
    '    服务器：收到',
    '    首页：等',
  ])
  expect(steps()).toBe(1)
})

test('a step that did not hold says so with what was seen until then, and ends the story', async () => {
  const lines: string[] = []
  const { step, sees, steps } = createTeller((line) => lines.push(line))
  const failing = step('添加', async () => {
    sees('聊天', '绑定码无效')
    throw new Error('did not hold')
  })
  await expect(failing).rejects.toThrow('did not hold')
  expect(lines).toEqual(['  ✗ 添加', '    聊天：绑定码无效'])
  expect(steps()).toBe(0)
})
