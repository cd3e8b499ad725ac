import { expect, test } from '@jest/globals'
import { isNews, type Party, type Wanted } from './parties.rules.ts'

const [HIS, HERS] = [Buffer.from('his'), Buffer.from('hers')]
const wanted = (phoneHmac: Buffer, role = 'owner', name: string | null = null): Wanted => ({
  phoneHmac,
  role,
  name,
})
const known = (...parties: Wanted[]): Party[] => parties as Party[]

test.each<[string, Wanted[], Wanted[], boolean]>([
  ['the same', [wanted(HIS), wanted(HERS, 'viewer')], [wanted(HIS), wanted(HERS, 'viewer')], false],
  ['the same in another order', [wanted(HIS), wanted(HERS)], [wanted(HERS), wanted(HIS)], false],
  ['one more', [wanted(HIS)], [wanted(HIS), wanted(HERS, 'viewer')], true],
  ['one less', [wanted(HIS), wanted(HERS, 'viewer')], [wanted(HIS)], true],
  ['another number', [wanted(HIS)], [wanted(HERS)], true],
  ['another role', [wanted(HIS)], [wanted(HIS, 'viewer')], true],
  ['another name', [wanted(HIS, 'owner', '李梅')], [wanted(HIS, 'owner', '王建国')], true],
])('a load that names %s: news %#', (_, before, now, expected) =>
  expect(isNews(known(...before), now)).toBe(expected),
)
