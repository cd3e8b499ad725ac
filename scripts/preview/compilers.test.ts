import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { compileOfficially, runsHere } from './official.mjs'

const run = promisify(execFile)

test('the mini-program passes: official compilers, template warnings, sizes', async () => {
  const { stdout } = await run(process.execPath, [path.join(import.meta.dirname, 'check.mjs')])
  expect(stdout).toMatch(
    runsHere
      ? /^main package [\d.]+ kB, package .+; 0 template warnings; wcc and wcsc refused 0 things$/m
      : /were not run/,
  )
  const sizes = [...stdout.matchAll(/package (?:(\S+) )?([\d.]+) kB/g)].map(([, root, size]) => ({
    root,
    fits: Number(size) <= (root === undefined ? 150 : 100),
  }))
  expect(sizes).toEqual([
    { root: undefined, fits: true },
    { root: 'pages/customer', fits: true },
  ])
}, 60_000)

const whereTheyRun = runsHere ? describe : describe.skip
whereTheyRun('what the official compilers refuse', () => {
  let dist: string
  beforeEach(async () => {
    dist = await mkdtemp(path.join(os.tmpdir(), 'jindutong-offence-'))
  })
  afterEach(() => rm(dist, { recursive: true, force: true }))
  const compile = async (wxml: string, wxss: string): Promise<string[]> => {
    await writeFile(path.join(dist, 'page.wxml'), wxml)
    await writeFile(path.join(dist, 'page.wxss'), wxss)
    return compileOfficially(dist)
  }

  test('nothing of a sound page', async () => {
    expect(await compile('<view wx:if="{{a}}">{{b}}</view>', '.a { color: red }')).toEqual([])
  })
  test('WXML that is not closed', async () => {
    expect((await compile('<view><text></view>', '.a { color: red }')).join()).toContain('wcc')
  })
  test('WXSS with a name that WeChat does not take', async () => {
    expect((await compile('<view />', '.w-1\\/2 { color: red }')).join()).toContain('wcsc')
  })
})
