import { describe, expect, test } from '@jest/globals'
import { fromNumberAnswer, fromOperation, fromOrderClaim, fromParty, fromQuestion, fromTold } from './numbers.rules.ts'

const at = new Date('2026-05-01T08:00:00Z')

describe('what the timeline says of orders and numbers', () => {
  const operation = (of: string, more: object = {}) => fromOperation({ id: 1, at, operator: 'playground', operation: of, target: 'SO-Y', name: null, answer: null, ...more })
  test.each<[string, object, object]>([
    ['project.created', { name: '李梅' }, { lane: 'received', title: '公司录入订单 SO-Y', note: '写的名字：李梅' }],
    ['project.updated', {}, { title: '公司更新订单 SO-Y', note: '没有写客户的名字' }],
    ['question.answered', { operator: 'zhangsan', answer: 'changed' }, { tone: 'wait', title: '有人回答：号码换人了', member: 'zhangsan' }],
    ['question.answered', { answer: 'a new answer' }, { title: '有人回答：a new answer' }],
    ['question.answer_taken_back', {}, { title: '回答撤回了', note: '还没有生效，什么都没有变' }],
  ])('%s %p', (of, more, expected) => { expect(operation(of, more)).toMatchObject(expected) })
  test('what else stands in the operation log is not shown', () => { expect(operation('settings.changed')).toBeNull() })

  const party = (more: Partial<Parameters<typeof fromParty>[0]>) => fromParty({
    id: 1, at, orderNo: 'SO-Y', name: '李梅', state: 'held', row: 'names differ', settledHow: null, shown: false, shownRow: null, externalUserId: 'wm1', ...more,
  })
  test.each<[string, Parameters<typeof party>[0], object]>([
    ['held', {}, { tone: 'wait', title: '订单 SO-Y 先不给任何人看：订单写的名字与客户对不上', note: '写的名字：李梅', table: '归属表' }],
    ['waiting', { state: 'waiting', row: 'nobody has proven the number', name: null }, { tone: 'plain', title: '订单 SO-Y 等人证明号码：还没有人证明这个号码是他的' }],
    ['shown', { state: 'attached', row: 'attached before', shown: true, shownRow: 'confirmed' },
      { tone: 'good', title: '订单 SO-Y 归这位客户：与上次的决定一样', note: '写的名字：李梅；有人确认过，或客户输对了订单号', externalUserId: 'wm1' }],
    ['hidden', { state: 'attached', row: 'nothing tells, just proven', shownRow: 'may be of another owner' },
      { tone: 'wait', title: '订单 SO-Y 归这位客户，但先不给他看：没有相反的迹象，号码刚刚证明' }],
    ['settled', { state: 'attached', row: 'settled before', settledHow: 'hand_over', shown: true }, { title: '订单 SO-Y 归这位客户：号码转手时留给原来的客户' }],
    ['by a row without words', { row: 'a new row' }, { title: '订单 SO-Y 先不给任何人看：a new row' }],
  ])('an order that is %s', (_, more, expected) => { expect(party(more)).toMatchObject(expected) })
  test('nobody is named as the owner of an order that is held', () => { expect(party({})).not.toHaveProperty('externalUserId') })
  test('each decision about an order is a line of its own', () => {
    expect(party({}).key).not.toBe(party({ at: new Date(at.getTime() + 1) }).key)
  })

  const question = (more: Partial<Parameters<typeof fromQuestion>[0]> = {}) => fromQuestion({
    id: 1, at, closedAt: null, answer: null, phone: '138****8000', externalUserId: 'wm1', orders: [{ orderNo: 'SO-Y', name: '李梅' }, { orderNo: 'SO-Z', name: null }], ...more,
  })
  test('a question names its orders and whom it is about, and no full phone', () => {
    expect(question()).toMatchObject([{ tone: 'bad', title: '扣下 SO-Y（写的是李梅）、SO-Z，问同事：号码 138****8000 现在是谁的？', externalUserId: 'wm1' }])
  })
  test.each([['changed', '回答生效：号码换人了', 'good'], [null, '问题关闭，不用再回答', 'plain']])('a question that was closed with the answer %p', (answer, title, tone) => {
    expect(question({ closedAt: at, answer })[1]).toMatchObject({ title, tone })
  })

  test.each([['same', '记下：这个号码仍是他的', 'good'], ['changed', '记下：这个号码不再是他的', 'bad']])('a number that is %s', (kind, title, tone) => {
    expect(fromNumberAnswer({ id: 1, at, kind, externalUserId: 'wm1' })).toMatchObject({ title, tone, externalUserId: 'wm1' })
  })
  test.each([[true, '客户输入订单号：是他的订单', 'good'], [false, '客户输入订单号：没有查到', 'wait']])('an order number that a customer typed, found: %p', (found, title, tone) => {
    expect(fromOrderClaim({ id: 1, at, openid: 'o1', found })).toMatchObject({ title, tone, openid: 'o1' })
  })
  test.each([['asked', '提醒同事：有号码要核实'], ['made', '告诉负责的顾问：这位客户绑定了'], ['ended', '告诉负责的顾问：这位客户解绑了']])('members who are told: %s', (kind, title) => {
    expect(fromTold({ key: 'k', at, kind, member: null, externalUserId: null })).toMatchObject({ key: 'told-k', title })
  })
})
