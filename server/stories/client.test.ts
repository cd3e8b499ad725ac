import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { createClient } from '../../shared/client/client.ts'
import { lookInto } from '../../shared/client/example.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown()
const at = () => ({ baseUrl: town().address, key: ADMIN_KEY })
const read = (name: string) => readFile(path.resolve(import.meta.dirname, '../..', name), 'utf8')

test('the example of the README is the one that runs', async () => {
  const [, body] = (await read('shared/client/example.ts')).split('\n\n', 2)
  expect(await read('README.md')).toContain(body!.trim())
})

test('finds a customer by name, reads why, and tries a hand-over', async () => {
  const { people } = town()
  const customer = await people.arrive({ name: '王建国' })
  await customer.signIn()
  await people.load('SO-1', customer.phone, { customerName: '王建国' })
  await people.add('zhangsan', customer.phone)
  await bindByCode(town(), customer)
  expect(await lookInto(at(), '王建国', customer.phone)).toEqual([
    expect.stringMatching(/^CUS\d+: .*[\u4e00-\u9fff]/),
    'stays his: SO-1',
  ])
})

test('a refusal is a value, with its code and the words for people', async () => {
  const api = createClient(at())
  const refused = await api('GET /api/admin/customers/{id}', { params: { id: 999_999 } })
  expect(refused).toMatchObject({
    ok: false,
    status: 404,
    code: 'remedies.unknown_customer',
    message: '没有这位客户',
  })
  const nobody = createClient({ baseUrl: town().address })
  expect(await nobody('GET /api/admin/me')).toMatchObject({ ok: false, code: 'key.missing' })
})

test('writes numbers and signs into addresses as they have to stand there', async () => {
  const api = createClient(at())
  const page = await api('GET /api/admin/projects', { query: { q: 'a&b=c', limit: 5 } })
  expect(page).toMatchObject({ ok: true, data: { items: [] } })
})
