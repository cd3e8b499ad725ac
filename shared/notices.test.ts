import { expect, test } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { isAccepted, isPage, kindOfField, PAGES } from './notices.ts'

test('the pages that a message may open are those of the mini-program', async () => {
  const app = JSON.parse(await readFile('miniprogram/app.json', 'utf8')) as {
    pages: string[]
    subPackages: { root: string; pages: string[] }[]
  }
  const below = app.subPackages.flatMap(({ root, pages }) => pages.map((page) => `${root}/${page}`))
  expect([...PAGES].toSorted()).toEqual([...app.pages, ...below].toSorted())
})

test('a page may carry a query, and no slash before it', () => {
  expect(isPage('pages/home/home?id=1')).toBe(true)
  expect(isPage('/pages/home/home')).toBe(false)
  expect(isPage('pages/nowhere')).toBe(false)
})

test('a key names the kind of its field', () => {
  expect(kindOfField('character_string12')).toBe('character_string')
  for (const none of ['enum1', 'thing', 'toString1', 'thing123'])
    expect(kindOfField(none)).toBeUndefined()
})

test('only words that accept are a consent', () => {
  const words = [
    'accept',
    'acceptWithAudio',
    'acceptWithAlert',
    'reject',
    'ban',
    'filter',
    'acceptWhatever',
  ]
  expect(words.filter(isAccepted)).toEqual(words.slice(0, 3))
})
