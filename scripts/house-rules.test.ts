/* eslint-disable no-template-curly-in-string -- planted code has templates in it */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

// A rule that never fires looks like a rule that holds. So each is shown an offence, which it must name, and the same
// action done well, which must pass; and a rule without an offence here is itself an offence.

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const inRoot = (...names: string[]): string => path.join(root, ...names)

type Files = Record<string, string>
/** A file with an offence, and its twin: the same action done well, beside it or, when only the place is wrong, at `goodAt`. */
type Case = { rule: string; at: string; bad: string; good: string; goodAt?: string; more?: Files }
/** What a tool said about a file: the name of a rule, or the message of a no-restricted-syntax of ours. */
type Finding = { file: string; rule: string }

/** The neighbours that planted files import. */
const HOUSE: Files = {
  'package.json': '{ "type": "module", "dependencies": { "knex": "3.3.0", "pg": "8.23.1" } }',
  'tsconfig.json': JSON.stringify({
    extends: './tsconfig.real.json',
    include: ['server', 'shared', 'scripts', 'miniprogram'],
  }),
  'shared/phone.ts': 'export const phone = 1\nexport type Phone = string\n',
  'scripts/start.ts': 'export const start = 1\n',
  'scripts/start/stage.ts': 'export const stage = 1\n',
  'scripts/play/people.ts': 'export const people = 1\n',
  'scripts/sandbox/kf/chat.ts': 'export const chat = 1\n',
  'scripts/sandbox/base/check.ts': 'export const check = 1\n',
  'miniprogram/app.ts': 'export const app = 1\n',
  'server/compose.ts': 'export const house = 1\n',
  'server/config.ts': 'export type Config = string\n',
  'server/test/town.ts': 'export const town = 1\n',
  'server/migrations/migrations.ts': 'export const migrations = []\n',
  'server/lib/db.ts':
    'export type Db = { transaction: <T>(work: (db: Db) => Promise<T>) => Promise<T> }\nexport const db = 1\nexport const inTransaction = <T>(deps: { db: Db }, act: (tx: { db: Db }) => Promise<T>) => act(deps)\n',
  'server/lib/log.ts': 'export const log = 1\n',
  'server/http/route.ts': 'export const route = 1\nexport type Route = string\n',
  'server/outside/wecom/wecom.ts': 'export const wecom = 1\nexport type Wecom = string\n',
  'server/outside/weixin/weixin.ts': 'export const weixin = 1\n',
  'server/features/binding/binding.ts': 'export const binding = 1\nexport type Binding = string\n',
  'server/features/binding/binding.rules.ts': 'export const rule = 1\nexport type Rule = string\n',
  'server/features/binding/binding.store.ts': 'export const store = 1\n',
  'server/features/kf/kf.ts': 'export const kf = 1\n',
  'server/features/kf/kf.rules.ts': 'export const rule = 1\n',
  'server/features/kf/kf.store.ts': 'export const store = 1\nexport type Row = string\n',
}

const FLOORS: Case[] = [
  {
    rule: 'no-circular',
    at: 'server/lib/round.ts',
    goodAt: 'server/lib/menu.ts',
    bad: `import { back } from './back.ts'\nexport const round = back`,
    good: `import { cook } from './kitchen.ts'\nexport type Deps = number\nexport const menu = cook`,
    more: {
      'server/lib/back.ts': `import { round } from './round.ts'\nexport const back = (): unknown => round`,
      'server/lib/kitchen.ts': `import type { Deps } from './menu.ts'\nexport const cook = (deps: Deps) => deps`,
    },
  },
  {
    rule: 'every-import-resolves',
    at: 'server/lib/lost.ts',
    bad: `import './nowhere.ts'`,
    good: `import './log.ts'`,
  },
  {
    rule: 'only-declared-packages',
    at: 'server/lib/undeclared.ts',
    bad: `import 'koa'`,
    good: `import 'knex'`,
  },
  {
    rule: 'nothing-that-ships-imports-tests',
    at: 'server/lib/with-town.ts',
    goodAt: 'server/lib/with-town.test.ts',
    bad: `import '../test/town.ts'`,
    good: `import '../test/town.ts'`,
  },
  {
    rule: 'shared-imports-nothing-of-ours',
    at: 'shared/heavy.ts',
    bad: `import type { Db } from '../server/lib/db.ts'\nexport type D = Db`,
    good: `import './phone.ts'`,
  },
  {
    rule: 'shared-runs-anywhere',
    at: 'shared/node.ts',
    goodAt: 'shared/node.test.ts',
    bad: `import 'node:path'`,
    good: `import 'node:path'`,
  },
  {
    rule: 'nobody-imports-scripts',
    at: 'server/lib/tool.ts',
    goodAt: 'server/lib/tool.test.ts',
    bad: `import '../../scripts/start.ts'`,
    good: `import '../../scripts/start.ts'`,
  },
  {
    rule: 'second-platform-stands-alone',
    at: 'scripts/second-platform/borrowed.ts',
    goodAt: 'scripts/borrowed.ts',
    bad: `import '../../server/lib/log.ts'`,
    good: `import '../server/lib/log.ts'`,
  },
  {
    rule: 'sheds-know-only-sheds-below',
    at: 'scripts/play/starter.ts',
    goodAt: 'scripts/start/player.ts',
    bad: `import '../start/stage.ts'`,
    good: `import '../play/people.ts'`,
  },
  {
    rule: 'sheds-know-only-sheds-below',
    at: 'scripts/start/command.ts',
    bad: `import '../start.ts'`,
    good: `import './stage.ts'`,
  },
  {
    rule: 'the-sandbox-has-floors',
    at: 'scripts/sandbox/world/street.ts',
    bad: `import '../kf/chat.ts'`,
    good: `import '../base/check.ts'`,
  },
  {
    rule: 'miniprogram-never-server',
    at: 'miniprogram/page.ts',
    bad: `import '../server/lib/log.ts'`,
    good: `import '../shared/phone.ts'`,
  },
  {
    rule: 'lib-knows-nothing-above',
    at: 'server/lib/climber.ts',
    bad: `import type { Binding } from '../features/binding/binding.ts'\nexport type B = Binding`,
    good: `import '../../shared/phone.ts'`,
  },
  {
    rule: 'only-migrate-knows-migrations',
    at: 'server/lib/schema.ts',
    goodAt: 'server/lib/migrate.ts',
    bad: `import '../migrations/migrations.ts'`,
    good: `import '../migrations/migrations.ts'`,
  },
  {
    rule: 'migrations-stand-alone',
    at: 'server/migrations/0001_a.ts',
    goodAt: 'server/migrations/0002_b.ts',
    bad: `import '../lib/log.ts'`,
    good: `import type { Knex } from 'knex'\nexport type K = Knex`,
  },
  {
    rule: 'outside-knows-no-business',
    at: 'server/outside/wecom/curious.ts',
    bad: `import type { Binding } from '../../features/binding/binding.ts'\nexport type B = Binding`,
    good: `import '../../lib/log.ts'`,
  },
  {
    rule: 'outside-knows-no-database',
    at: 'server/outside/wecom/keeper.ts',
    bad: `import { db } from '../../lib/db.ts'\nexport const d = db`,
    good: `import type { Db } from '../../lib/db.ts'\nexport type D = Db`,
  },
  {
    rule: 'vendors-are-strangers',
    at: 'server/outside/weixin/friend.ts',
    bad: `import type { Wecom } from '../wecom/wecom.ts'\nexport type W = Wecom`,
    good: `import './weixin.ts'`,
  },
  {
    rule: 'http-knows-no-rooms-no-vendors',
    at: 'server/http/nosy.ts',
    bad: `import type { Wecom } from '../outside/wecom/wecom.ts'\nexport type W = Wecom`,
    good: `import '../lib/log.ts'`,
  },
  {
    rule: 'nobody-imports-the-roof',
    at: 'server/lib/roof.ts',
    goodAt: 'scripts/roof.ts',
    bad: `import '../compose.ts'`,
    good: `import '../server/compose.ts'`,
  },
  {
    rule: 'nobody-imports-the-roof',
    at: 'server/features/kf/variables.ts',
    goodAt: 'server/main.ts',
    bad: `import type { Config } from '../../config.ts'\nexport type C = Config`,
    good: `import type { Config } from './config.ts'\nexport type C = Config`,
  },
  {
    rule: 'rooms-know-only-types-of-rooms',
    at: 'server/features/kf/caller.ts',
    bad: `import { binding } from '../binding/binding.ts'\nexport const b = binding`,
    good: `import type { Binding } from '../binding/binding.ts'\nexport type B = Binding`,
  },
  {
    rule: 'rooms-know-only-types-of-rooms',
    at: 'server/features/kf/both.ts',
    bad: `import type { Binding } from '../binding/binding.ts'\nimport { binding } from '../binding/binding.ts'\nexport const b: Binding = String(binding)`,
    good: `import type { Binding } from '../binding/binding.ts'\nexport type B = Binding`,
  },
  {
    rule: 'rooms-know-only-front-files',
    at: 'server/features/kf/peeper.ts',
    bad: `import type { Rule } from '../binding/binding.rules.ts'\nexport type R = Rule`,
    good: `import { rule } from './kf.rules.ts'\nexport const r = rule`,
  },
  {
    rule: 'rooms-hold-vendors-by-type',
    at: 'server/features/kf/phoner.ts',
    bad: `import { wecom } from '../../outside/wecom/wecom.ts'\nexport const w = wecom`,
    good: `import type { Wecom } from '../../outside/wecom/wecom.ts'\nexport type W = Wecom`,
  },
  {
    rule: 'only-routes-touch-http',
    at: 'server/features/kf/window.ts',
    goodAt: 'server/features/kf/kf.routes.ts',
    bad: `import type { Route } from '../../http/route.ts'\nexport type R = Route`,
    good: `import type { Route } from '../../http/route.ts'\nexport type R = Route`,
  },
  {
    rule: 'rules-are-pure',
    at: 'server/features/kf/dirty.rules.ts',
    bad: `import { readFileSync } from 'node:fs'\nexport const r = readFileSync`,
    good: `import { phone } from '../../../shared/phone.ts'\nimport type { Wecom } from '../../outside/wecom/wecom.ts'\nexport const r = phone\nexport type W = Wecom`,
  },
  {
    rule: 'rules-know-only-own-rules',
    at: 'server/features/kf/borrowed.rules.ts',
    bad: `import { rule } from '../binding/binding.rules.ts'\nexport const r = rule`,
    good: `import { rule } from './kf.rules.ts'\nexport const r = rule`,
  },
  {
    rule: 'only-stores-and-lib-speak-sql',
    at: 'server/features/kf/sql.ts',
    goodAt: 'server/features/kf/sql.store.ts',
    bad: `import knex from 'knex'\nexport const k = knex`,
    good: `import knex from 'knex'\nexport const k = knex`,
  },
  {
    rule: 'only-stores-and-lib-speak-sql',
    at: 'server/outside/wecom/sql.ts',
    bad: `import pg from 'pg'\nexport const p = pg`,
    good: `import type { Knex } from 'knex'\nexport type K = Knex`,
  },
  {
    rule: 'stores-are-opened-by-the-front-only',
    at: 'server/features/kf/kf.jobs.ts',
    goodAt: 'server/features/kf/front.ts',
    bad: `import { store } from './kf.store.ts'\nexport const s = store`,
    good: `import { store } from './kf.store.ts'\nexport const s = store`,
  },
]

const ROOM = 'server/features/kf'
const DB = `import { inTransaction, type Db } from '../../lib/db.ts'
type Deps = { db: Db; wecom: Wecom; platforms: { wecom: Wecom } }
type Wecom = { send: () => Promise<void> }
export const keep = inTransaction
`
const work = (body: string) =>
  `${DB}export const f = (deps: Deps): Promise<unknown> => ${body}\nexport const g = async (_: unknown): Promise<void> => {}`

/** The no-restricted-syntax of the house; `rule` begins its message. */
const MANNERS: Case[] = [
  {
    rule: 'No enum',
    at: 'shared/enum.ts',
    bad: 'export enum A { b }',
    good: `export const A = { b: 'b' } as const`,
  },
  {
    rule: 'No barrel',
    at: 'shared/barrel.ts',
    bad: `export * from './phone.ts'`,
    good: `export { phone } from './phone.ts'`,
  },
  {
    rule: 'No decorators',
    at: 'shared/decorated.ts',
    bad: 'const d = (x: unknown) => void x\nexport class A extends Error { @d b = 1 }',
    good: 'export class A extends Error { b = 1 }',
  },
  {
    rule: 'No classes but errors',
    at: 'shared/class.ts',
    bad: 'export class A { b = 1 }',
    good: 'export class A extends TypeError {}',
  },
  {
    rule: 'Named exports only',
    at: 'shared/default.ts',
    goodAt: 'shared/any.config.ts',
    bad: 'export default 1',
    good: 'export default 1',
  },
  {
    rule: 'Throw a named error',
    at: 'server/http/thrower.ts',
    bad: `export const f = () => { throw new Error('x') }`,
    good: `class XError extends Error {}\nexport const f = () => { throw new XError('x') }`,
  },
  {
    rule: 'Time and chance',
    at: `${ROOM}/clock.ts`,
    bad: 'export const f = () => new Date()',
    good: 'export const f = (now: Date) => new Date(now.getTime() + 1)',
  },
  {
    rule: 'Time and chance',
    at: `${ROOM}/stamp.store.ts`,
    bad: 'export const f = () => Date.now()',
    good: 'export const f = (at: string) => Date.parse(at)',
  },
  {
    rule: 'Time and chance',
    at: `${ROOM}/chance.rules.ts`,
    bad: 'export const f = () => Math.random()',
    good: 'export const f = () => Math.max(1, 2)',
  },
  {
    rule: 'Rules think',
    at: `${ROOM}/slow.rules.ts`,
    bad: 'export const f = async () => { await Promise.resolve() }',
    good: 'export const f = () => 1',
  },
  {
    rule: 'Compare secrets',
    at: 'server/lib/compare.ts',
    bad: 'export const f = (given: string, signature: string) => given === signature',
    good: 'export const f = (signature?: string) => signature === undefined',
  },
  {
    rule: 'Compare secrets',
    at: 'server/lib/unequal.ts',
    bad: 'export const f = (a: { adminKey: string }, b: string) => a.adminKey !== b',
    good: `export const f = (a: { adminKey: string }) => a.adminKey !== ''`,
  },
  {
    rule: 'A route names its refusals',
    at: `${ROOM}/refusing.routes.ts`,
    bad: 'declare class HttpError extends Error {}\nexport const f = () => { throw new HttpError() }',
    good: `export const f = () => ({ refused: 'unknown' })`,
  },
  {
    rule: 'Only *.store.ts speaks SQL',
    at: `${ROOM}/query.ts`,
    goodAt: `${ROOM}/query.store.ts`,
    bad: 'export const f = (db: (table: string) => number) => db("t")',
    good: 'export const f = (db: (table: string) => number) => db("t")',
  },
  {
    rule: 'Only *.store.ts speaks SQL',
    at: `${ROOM}/raw.ts`,
    goodAt: `${ROOM}/raw.store.ts`,
    bad: 'export const f = (db: { raw: () => number }) => db.raw()',
    good: 'export const f = (db: { raw: () => number }) => db.raw()',
  },
  {
    rule: 'Only *.store.ts speaks SQL',
    at: `${ROOM}/deep.ts`,
    bad: 'export const f = (deps: { db: { select: () => number } }) => deps.db.select()',
    good: work('deps.db.transaction((db) => g(db))'),
  },
  {
    rule: 'Who is given a db',
    at: `${ROOM}/leak.ts`,
    bad: work('deps.db.transaction((db) => Promise.all([g(db), g(deps.db)]))'),
    good: work('deps.db.transaction((db) => Promise.all([g(db), g(db)]))'),
  },
  {
    rule: 'Who is given a db',
    at: `${ROOM}/helper.ts`,
    bad: `${DB}export function f(deps: Deps, db: Db) { return [db, deps.db] }`,
    good: `${DB}export function f(deps: Deps, db: Db) { return [db, Object.keys(deps)] }`,
  },
  {
    rule: 'Who is given a db',
    at: `${ROOM}/bypass.ts`,
    bad: work('inTransaction(deps, (tx) => Promise.all([g(tx.db), g(deps)]))'),
    good: work('inTransaction(deps, (tx) => g(tx.db))'),
  },
  {
    rule: 'Inside a transaction the word db',
    at: `${ROOM}/other-word.ts`,
    bad: work('inTransaction(deps, (inner) => g(inner))'),
    good: work('inTransaction(deps, (tx) => g(tx))'),
  },
  {
    rule: 'Never hold a transaction',
    at: `${ROOM}/wire-tx.ts`,
    bad: `${DB}export const f = (tx: Deps) => tx.platforms.wecom.send()`,
    good: `${DB}export const f = (deps: Deps) => deps.platforms.wecom.send()`,
  },
  {
    rule: 'Inside a transaction the word db',
    at: `${ROOM}/word.ts`,
    bad: work('deps.db.transaction((inner) => g(inner))'),
    good: work('deps.db.transaction((db) => g(db))'),
  },
  {
    rule: 'Never hold a transaction',
    at: `${ROOM}/wire.ts`,
    bad: work('deps.db.transaction(async (db) => { await g(db); await deps.wecom.send() })'),
    good: work('deps.db.transaction((db) => g(db)).then(() => deps.wecom.send())'),
  },
]

/** What the rules of others are switched on for. */
const BUGS: Record<string, [bad: string, good: string, at?: string, goodAt?: string]> = {
  'array-callback-return': [
    'export const a = [1].map((x) => { x + 1 })',
    'export const a = [1].map((x) => x + 1)',
  ],
  eqeqeq: [
    'export const f = (a: unknown) => a == 1',
    'export const f = (a: unknown) => a == null || a === 1',
  ],
  'no-async-promise-executor': [
    'export const p = new Promise(async (done) => { await Promise.resolve(); done(1) })',
    'export const p = new Promise((done) => { done(1) })',
  ],
  'no-cond-assign': [
    'export const f = (a: number) => { if (a = 1) return a; return 0 }',
    'export const f = (a: number) => { if (a === 1) return a; return 0 }',
  ],
  'no-constant-binary-expression': [
    'export const f = (a: string) => (a + "b") ?? 1',
    'export const f = (a?: string) => a ?? 1',
  ],
  'no-debugger': ['export const f = () => { debugger }', 'export const f = () => {}'],
  'no-dupe-else-if': [
    'export const f = (a: boolean) => { if (a) return 1; else if (a) return 2; return 3 }',
    'export const f = (a: boolean, b: boolean) => { if (a) return 1; else if (b) return 2; return 3 }',
  ],
  'no-duplicate-case': [
    'export const f = (a: number) => { switch (a) { case 1: return 1; case 1: return 2; default: return 3 } }',
    'export const f = (a: number) => { switch (a) { case 1: return 1; case 2: return 2; default: return 3 } }',
  ],
  'no-empty': [
    'export const f = (a: () => void) => { try { a() } catch {} }',
    'export const f = (a: () => void) => { try { a() } catch { /* why not */ } }',
  ],
  'no-fallthrough': [
    'export const f = (a: number) => { let b = 0; switch (a) { case 1: b = 1; default: b = 2 } return b }',
    'export const f = (a: number) => { let b = 0; switch (a) { case 1: b = 1; break; default: b = 2 } return b }',
  ],
  'no-irregular-whitespace': ['export const a =\u00a01', 'export const a = 1'],
  'no-loss-of-precision': [
    'export const a = 9007199254740993',
    'export const a = 9007199254740991',
  ],
  'no-misleading-character-class': ['export const a = /[👍]/', 'export const a = /[👍]/u'],
  'no-self-assign': [
    'export const f = (a: number) => { a = a; return a }',
    'export const f = (a: number) => { a = 2; return a }',
  ],
  'no-self-compare': [
    'export const f = (a: number) => a !== a',
    'export const f = (a: number) => Number.isNaN(a)',
  ],
  'no-template-curly-in-string': ["export const a = 'x ${b}'", "export const a = 'x {b}'"],
  'no-unreachable-loop': [
    'export const f = (a: number[]) => { for (const b of a) return b; return 0 }',
    'export const f = (a: number[]) => { for (const b of a) if (b > 1) return b; return 0 }',
  ],
  'no-unsafe-finally': [
    'export const f = (a: () => void) => { try { a() } finally { return 1 } }',
    'export const f = (a: () => void) => { try { a() } finally { a() } }',
  ],
  'no-unsafe-optional-chaining': [
    'export const f = (a?: { b: () => number }) => (a?.b)()',
    'export const f = (a?: { b: () => number }) => a?.b()',
  ],
  'no-var': ['export var a = 1', 'export const a = 1'],
  'prefer-const': [
    'export const f = () => { let a = 1; return a }',
    'export const f = () => { const a = 1; return a }',
  ],
  'use-isnan': [
    'export const f = (a: number) => a === NaN',
    'export const f = (a: number) => Number.isNaN(a)',
  ],
  'no-undef': [
    'export const a = nothing',
    'export const a = process',
    'shared/undef.mjs',
    'shared/def.mjs',
  ],
  'no-unused-vars': ['const a = 1', 'export const a = 1', 'shared/unused.mjs', 'shared/used.mjs'],
  'no-console': [
    'console.log(1)',
    'process.stdout.write("1")',
    'server/lib/console.ts',
    'server/lib/no-console.ts',
  ],
  'no-restricted-globals': [
    'export const a = () => process.pid',
    'export const a = (pid: number) => pid',
    `${ROOM}/global.rules.ts`,
    `${ROOM}/no-global.rules.ts`,
  ],
  'max-lines': ['export {}\n' + 'void 0\n'.repeat(300), 'export {}\n' + 'void 0\n\n'.repeat(299)],
  'max-lines-per-function': [
    `export function f() {\n${'void 0\n'.repeat(59)}}`,
    `export function f() {\n${'void 0\n\n'.repeat(58)}}`,
  ],
  'max-params': [
    'export const f = (a: 1, b: 2, c: 3, d: 4) => [a, b, c, d]',
    'export const f = (a: 1, b: 2, c: 3) => [a, b, c]',
  ],
  '@typescript-eslint/await-thenable': [
    'export const f = async () => { await 1 }',
    'export const f = async () => { await Promise.resolve(1) }',
  ],
  '@typescript-eslint/ban-ts-comment': ['// @ts-ignore\nexport const a = 1', 'export const a = 1'],
  '@typescript-eslint/consistent-type-imports': [
    `import { Phone } from './phone.ts'\nexport type P = Phone`,
    `import type { Phone } from './phone.ts'\nexport type P = Phone`,
  ],
  '@typescript-eslint/no-import-type-side-effects': [
    `import { type Phone } from './phone.ts'\nexport type P = Phone`,
    `import { type Phone, phone } from './phone.ts'\nexport const p: Phone = String(phone)`,
  ],
  '@typescript-eslint/no-array-delete': [
    'export const f = (a: number[]) => { delete a[0] }',
    'export const f = (a: number[]) => { a.splice(0, 1) }',
  ],
  '@typescript-eslint/no-base-to-string': [
    'export const f = (a: object) => String(a)',
    'export const f = (a: number) => String(a)',
  ],
  '@typescript-eslint/no-explicit-any': ['export type A = any', 'export type A = unknown'],
  '@typescript-eslint/no-floating-promises': [
    'export const f = (a: () => Promise<void>) => { a() }',
    'export const f = (a: () => Promise<void>) => { void a() }',
  ],
  '@typescript-eslint/no-for-in-array': [
    'export const f = (a: number[]) => { for (const b in a) if (b) return b; return 1 }',
    'export const f = (a: object) => { for (const b in a) if (b) return b; return 1 }',
  ],
  '@typescript-eslint/no-implied-eval': [
    'setTimeout("1", 1)\nexport {}',
    'setTimeout(() => {}, 1)\nexport {}',
  ],
  '@typescript-eslint/no-misused-promises': [
    'export const f = (a: () => Promise<void>) => setTimeout(a, 1)',
    'export const f = (a: () => void) => setTimeout(a, 1)',
  ],
  '@typescript-eslint/no-misused-spread': [
    'export const f = (a: Promise<object>) => ({ ...a })',
    'export const f = (a: string) => [...a]',
  ],
  '@typescript-eslint/no-redundant-type-constituents': [
    'export type A = unknown | string',
    'export type A = number | string',
  ],
  '@typescript-eslint/no-unsafe-argument': [
    'export const f = (a: string) => parseInt(JSON.parse(a), 10)',
    'export const f = (a: string) => parseInt(JSON.parse(a) as string, 10)',
  ],
  '@typescript-eslint/no-unsafe-assignment': [
    'export const f = (a: string) => { const b = JSON.parse(a); return typeof b }',
    'export const f = (a: string) => { const b: unknown = JSON.parse(a); return typeof b }',
  ],
  '@typescript-eslint/no-unsafe-call': [
    'export const f = (a: string) => { JSON.parse(a)() }',
    'export const f = (a: string) => { (JSON.parse(a) as () => void)() }',
  ],
  '@typescript-eslint/no-unsafe-member-access': [
    'export const f = (a: string) => { JSON.parse(a).b = 1 }',
    'export const f = (a: string) => { (JSON.parse(a) as { b: number }).b = 1 }',
  ],
  '@typescript-eslint/no-unsafe-return': [
    'export const f = (a: string) => JSON.parse(a)',
    'export const f = (a: string): unknown => JSON.parse(a)',
  ],
  '@typescript-eslint/no-unused-vars': [
    'const a = 1\nexport {}',
    'export const a = (_unused: number) => 1',
  ],
  '@typescript-eslint/only-throw-error': [
    'export const f = () => { throw "x" }',
    'export const f = () => { throw new TypeError("x") }',
  ],
  '@typescript-eslint/prefer-promise-reject-errors': [
    'export const f = () => Promise.reject("x")',
    'export const f = () => Promise.reject(new TypeError("x"))',
  ],
  '@typescript-eslint/require-array-sort-compare': [
    'export const f = (a: number[]) => a.sort()',
    'export const f = (a: number[], b: string[]) => [a.sort((x, y) => x - y), b.sort()]',
  ],
  '@typescript-eslint/restrict-plus-operands': [
    'export const f = (a?: string) => a + "b"',
    'export const f = (a: string) => a + "b"',
  ],
  '@typescript-eslint/restrict-template-expressions': [
    'export const f = (a?: string) => `${a}`',
    'export const f = (a: string, b: number) => `${a}${b}`',
  ],
  '@typescript-eslint/return-await': [
    'export const f = async (a: () => Promise<void>) => { try { return a() } catch { return undefined } }',
    'export const f = async (a: () => Promise<void>) => { try { return await a() } catch { return undefined } }',
  ],
  '@typescript-eslint/switch-exhaustiveness-check': [
    `export const f = (a: 'b' | 'c') => { switch (a) { case 'b': return 1 } return 2 }`,
    `export const f = (a: 'b' | 'c') => { switch (a) { case 'b': return 1; default: return 2 } }`,
  ],
  '@typescript-eslint/unbound-method': [
    'export const f = (a: Map<string, string>) => a.get',
    'export const f = (a: Map<string, string>) => (b: string) => a.get(b)',
  ],
  '@typescript-eslint/use-unknown-in-catch-callback-variable': [
    'export const f = (a: Promise<void>) => a.catch((e: TypeError) => e.message)',
    'export const f = (a: Promise<void>) => a.catch((e: unknown) => e)',
  ],
}

const toCase = (
  [rule, [bad, good, at, goodAt]]: [string, (typeof BUGS)[string]],
  index: number,
): Case => ({
  rule,
  bad,
  good,
  at: at ?? `shared/bug-${String(index)}.ts`,
  ...(goodAt !== undefined && { goodAt }),
})
const LINT: Case[] = [...MANNERS, ...Object.entries(BUGS).map(toCase)]

const twinOf = ({ at, goodAt }: Case): string =>
  goodAt ?? path.join(path.dirname(at), `twin-${path.basename(at)}`)

const folder = mkdtempSync(path.join(os.tmpdir(), 'house-rules-'))
let findings: { floors: Finding[]; lint: Finding[] }
let rules: { floors: string[]; lint: string[]; manners: string[] }

function plant(files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true })
    writeFileSync(path.join(folder, name), `${text.trimEnd()}\n`)
  }
}

/** Runs a tool in the planted tree as `npm run check` runs it; offences make it end with an exit code, which is no failure here. */
async function run(...args: string[]): Promise<string> {
  const ended = promisify(execFile)(process.execPath, args, {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
  })
  const { stdout, stderr } = await ended.catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  )
  if (stdout.startsWith('{') || stdout.startsWith('[')) return stdout
  throw new TypeError(`no JSON from ${args.join(' ')}:\n${stdout}${stderr}`)
}

type Violation = {
  from: string
  cycle?: { name: string }[]
  rule: { name: string; severity: string }
}

async function cruise(): Promise<Finding[]> {
  const report = await run(
    inRoot('node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    'server',
    'shared',
    'scripts',
    'miniprogram',
  )
  const { summary } = JSON.parse(report) as { summary: { violations: Violation[] } }
  // A cycle is told once, from one of its files.
  return summary.violations
    .filter(({ rule }) => rule.severity === 'error')
    .flatMap(({ from, cycle = [], rule }) =>
      [...new Set([from, ...cycle.map(({ name }) => name)])].map((file) => ({
        file,
        rule: rule.name,
      })),
    )
}

type LintReport = {
  filePath: string
  messages: { ruleId: string | null; severity: number; message: string }[]
}[]

async function lint(): Promise<Finding[]> {
  const report = JSON.parse(
    await run(inRoot('node_modules/eslint/bin/eslint.js'), '--format', 'json', '.'),
  ) as LintReport
  return report.flatMap(({ filePath, messages }) =>
    messages
      .filter(({ severity }) => severity === 2)
      .map(({ ruleId, message }) => ({
        file: path.relative(folder, filePath),
        rule: ruleId === 'no-restricted-syntax' || ruleId === null ? message : ruleId,
      })),
  )
}

/** All that the two configurations switch on. */
async function listRules(): Promise<typeof rules> {
  const script = `
    import eslint from './eslint.config.mjs'
    import cruiser from './.dependency-cruiser.cjs'
    const all = eslint.flatMap(({ rules = {} }) => Object.entries(rules)).filter(([, value]) => [value].flat()[0] === 'error')
    console.log(JSON.stringify({
      floors: cruiser.forbidden.map(({ name }) => name),
      lint: [...new Set(all.map(([name]) => name))].filter((name) => name !== 'no-restricted-syntax'),
      manners: [...new Set(all.filter(([name]) => name === 'no-restricted-syntax').flatMap(([, [, ...list]]) => list.map(({ message }) => message)))],
    }))`
  return JSON.parse(await run('--input-type=module', '--eval', script)) as typeof rules
}

beforeAll(async () => {
  plant(HOUSE)
  for (const one of [...FLOORS, ...LINT])
    plant({ [one.at]: one.bad, [twinOf(one)]: one.good, ...one.more })
  for (const name of ['eslint.config.mjs', '.dependency-cruiser.cjs'])
    cpSync(inRoot(name), path.join(folder, name))
  cpSync(inRoot('tsconfig.json'), path.join(folder, 'tsconfig.real.json'))
  symlinkSync(inRoot('node_modules'), path.join(folder, 'node_modules'), 'junction')
  const [floors, linted, listed] = await Promise.all([cruise(), lint(), listRules()])
  findings = { floors, lint: linted }
  rules = listed
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const label = (one: Case): [name: string, one: Case] => [`${one.rule} (${one.at})`, one]
const foundIn = (all: Finding[], file: string): string[] =>
  all.filter((finding) => finding.file === file).map(({ rule }) => rule)

describe('the floors', () => {
  test.each(FLOORS.map(label))('%s', (_, one) => {
    expect(foundIn(findings.floors, one.at)).toContain(one.rule)
    expect(foundIn(findings.floors, twinOf(one))).toEqual([])
  })

  test('have an offence each', () =>
    expect(new Set(FLOORS.map(({ rule }) => rule))).toEqual(new Set(rules.floors)))
})

describe('the lint', () => {
  test.each(LINT.map(label))('%s', (_, one) => {
    expect(
      foundIn(findings.lint, one.at).filter((found) => found.startsWith(one.rule)),
    ).not.toEqual([])
    expect(foundIn(findings.lint, twinOf(one))).toEqual([])
  })

  test('has an offence for each rule', () =>
    expect(rules.lint.filter((name) => !LINT.some(({ rule }) => rule === name))).toEqual([]))
  test('has an offence for each manner', () =>
    expect(
      rules.manners.filter((message) => !MANNERS.some(({ rule }) => message.startsWith(rule))),
    ).toEqual([]))
})
