import { expect, test } from '@jest/globals'
import { WhyCode } from '../../../shared/api/customers.ts'
import { explain, findWhy, type WhyFacts } from './why.rules.ts'

/** Bound, found by his number, with an order. */
const WELL: WhyFacts = {
  tied: true,
  mayQuery: true,
  suspended: false,
  ended: false,
  followed: true,
  proofs: [],
  proven: true,
  inQuestion: false,
  phoneStated: false,
  shownOrders: 1,
  heldOrders: 0,
}
const UNPROVEN = { mayQuery: false, proven: false }

test.each<[string, Partial<WhyFacts>, WhyCode]>([
  ['all is well', {}, 'may_query'],
  ['he may, and has no order', { shownOrders: 0 }, 'no_order'],
  ['he may, and his orders are held', { shownOrders: 0, heldOrders: 2 }, 'order_held'],
  ['one is shown and one is held', { heldOrders: 1 }, 'may_query'],
  ['his permission rests', { suspended: true, mayQuery: false }, 'suspended'],
  ['an order waits for somebody to add him', { ...UNPROVEN, tied: false, followed: false }, 'not_added'],
  ['he is bound and has stated no phone', { ...UNPROVEN, followed: false }, 'no_phone_stated'],
  ['he is bound and has stated one', { ...UNPROVEN, followed: false, phoneStated: true }, 'not_added'],
  ['he was added by a QR code', { ...UNPROVEN, proofs: [{ kind: 'none', reason: 'not_phone_search' }] }, 'added_otherwise'],
  ['he is a colleague of another company', { ...UNPROVEN, proofs: [{ kind: 'none', reason: 'not_a_wechat_user' }] }, 'added_otherwise'],
  ['he searched the member', { ...UNPROVEN, proofs: [{ kind: 'none', reason: 'customer_searched' }] }, 'customer_searched'],
  ['nobody noted the number', { ...UNPROVEN, proofs: [{ kind: 'none', reason: 'no_phone' }] }, 'phone_missing'],
  ['two numbers are noted', { ...UNPROVEN, proofs: [{ kind: 'review', reason: 'several_phones' }] }, 'phone_in_question'],
  ['the number changed hands', { ...UNPROVEN, proofs: [{ kind: 'none', reason: 'number_changed_hands' }] }, 'phone_in_question'],
  ['a question about him is open', { ...UNPROVEN, inQuestion: true }, 'phone_in_question'],
  ['of two members one added him otherwise and one noted nothing', { ...UNPROVEN, proofs: [{ kind: 'none', reason: 'not_phone_search' }, { kind: 'none', reason: 'no_phone' }] }, 'phone_missing'],
  ['his number is proven and he has not come', { mayQuery: false, tied: false }, 'not_bound'],
  ['his number is proven and his binding was ended', { mayQuery: false, tied: false, ended: true }, 'ended'],
  ['his number is proven and he is bound, and still it is not enough', { mayQuery: false }, 'phone_in_question'],
])('%s', (_, facts, code) => expect(findWhy({ ...WELL, ...facts })).toBe(code))

test.each(WhyCode.options)('%s is said in one sentence, with who does what', (code) => {
  const { text, nextStep } = explain(code)
  expect([text, nextStep]).toEqual([expect.stringMatching(/^[^。]{4,40}$/), expect.stringMatching(/^(?:无需处理|[^。]*：.+)$/)])
})

/** Whatever the facts: who may query is never told that he may not, nor the other way round. */
test('the reason and the permission say the same', () => {
  const bools = [true, false]
  for (const tied of bools)
    for (const mayQuery of bools)
      for (const suspended of bools)
        for (const ended of bools)
          for (const followed of bools)
            for (const proven of bools)
              for (const inQuestion of bools)
                for (const shownOrders of [0, 1]) {
                  if (mayQuery && (suspended || !tied || !proven)) continue // account_access excludes it
                  const code = findWhy({ ...WELL, tied, mayQuery, suspended, ended, followed, proven, inQuestion, shownOrders })
                  expect(['may_query', 'no_order', 'order_held'].includes(code)).toBe(mayQuery)
                }
})
