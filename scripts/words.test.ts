import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'

const root = path.resolve(import.meta.dirname, '..')

/** What customers read, by file: the pages, and what rooms say to them in chats and answers. */
const SAID = [
  ...readdirSync(path.join(root, 'miniprogram'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|wxml|json)$/.test(name) && !/test\.ts$|node_modules/.test(name))
    .map((name) => `miniprogram/${name}`),
  'shared/why-customer.ts',
  'server/features/accounts/accounts.rules.ts',
  'server/features/binding/binding.rules.ts',
  'server/features/kf/kf.texts.ts',
  'server/features/official-account/official-account.texts.ts',
  'server/features/questions/questions.routes.ts',
  'server/features/ties/tie.rules.ts',
]
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8')
/** Lines that say a word, but for those that must. */
const findSaid = (word: RegExp, allowed: RegExp = /^$/): string[] =>
  SAID.flatMap((name) =>
    read(name)
      .split('\n')
      .filter((line) => word.test(line) && !allowed.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  )

test('the digits have one name, which is not that of an SMS, but in the one sentence of product.md', () =>
  expect(findSaid(/验证码/, /验证码无效或已过期/)).toEqual([]))

test('whom to ask is called as the button is: 联系客服; the advisor where nobody answers there, and on his own page, where he is told', () =>
  expect(
    findSaid(/联系(?:您的)?顾问/, /没有安排人工客服|转接人工客服|bind:tap="onContact"/),
  ).toEqual([]))

test('who adds a customer is his 顾问, but in the sentences of the source (R0.23, R0.55, R0.75)', () =>
  expect(
    findSaid(
      /销售/,
      /已收到您的联系方式！|请先联系销售人员添加您|您还没有查询权限，请联系销售人员|^ \*|\/\*\*/,
    ),
  ).toEqual([]))
