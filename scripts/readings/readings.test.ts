/* eslint-disable no-template-curly-in-string -- the code that is read has templates in it */
import { describe, expect, test } from '@jest/globals'
import { compareReadings } from './compare.ts'
import { findReadings, readOwners } from './find.ts'

const owners = readOwners(`
create table accounts (
);
comment on table accounts is 'Writer: accounts. One openid.';
create table tickets (
);
comment on table tickets is 'Writer: binding. One card.';
create view account_access as
comment on view account_access is 'Who may see projects.';
`)
const readBy = (text: string) => findReadings([{ file: 'binding/pending.store.ts', text }], owners)

describe('a reading arrow is seen', () => {
  test.each([
    ['in a query', "db('accounts').first('id')"],
    ['with a type', "db<Row>('accounts as a').first('id')"],
    ['in a join', "db('tickets').leftJoin('accounts as a', 'a.id', 'account_id')"],
    ['in a subquery', "own.select('id').from('accounts')"],
    ['by an alias', "db.from({ a: 'accounts' })"],
    ['in SQL', 'db.raw(`select 1 from tickets t\\n join accounts a on a.id = t.account_id`)'],
    ['in SQL with values', 'db.raw(`select ${columns} from accounts where id = ${id}`)'],
    ['where SQL writes', "db.raw('update accounts set openid = null')"],
  ])('%s', (_, text) => {
    expect(readBy(text)).toEqual({ binding: ['accounts.accounts'] })
  })

  test("at a view, which is nobody's", () =>
    expect(readBy("db('account_access')")).toEqual({ binding: ['view.account_access'] }))
})

test.each([
  ['its own table', "db('tickets')"],
  ['a word that is a table elsewhere', "log.info({ kind: 'accounts' }, 'accounts')"],
  ['a comment', '// from accounts'],
  ['a part of a query', 'db.raw(`with accounts_now as (select 1) select 1 from accounts_now`)'],
])('%s is no arrow', (_, text) => {
  expect(readBy(text)).toEqual({})
})

test('what is new is called a decision, and what is gone is told', () => {
  const decided = { binding: ['accounts.accounts'] }
  expect(compareReadings({ decided, now: decided })).toEqual([])
  expect(compareReadings({ decided, now: { binding: ['customers.ties'] } })).toEqual([
    expect.stringMatching(/^binding reads customers.ties: .*decision/),
    expect.stringMatching(/^binding reads accounts.accounts no more/),
  ])
})
