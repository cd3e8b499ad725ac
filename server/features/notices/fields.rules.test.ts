import { expect, test } from '@jest/globals'
import { fillFields, fitField } from './fields.rules.ts'

const AT = new Date('2026-05-01T04:05:00Z')
const timeZone = 'Asia/Shanghai'
const FAMILY = '👨‍👩‍👧'

test.each([
  ['thing1', '全屋定制', '全屋定制'],
  ['thing1', '  全屋\n定制  ', '全屋 定制'],
  ['thing1', 'a'.repeat(21), 'a'.repeat(20)],
  ['thing12', `${'家'.repeat(18)}${FAMILY}`, '家'.repeat(18)],
  ['thing1', `${'家'.repeat(15)}${FAMILY}`, `${'家'.repeat(15)}${FAMILY}`],
  ['phrase2', '水电改造验收', '水电改造验'],
  ['phrase2', 'A 区（水电）', '区水电'],
  ['phrase2', 'abc', ''],
  ['name1', '欧阳·小明', '欧阳小明'],
  ['name1', 'John Smith the Third of York', 'John Smith the Third'],
  ['name1', '🙂', ''],
  ['number1', '12.50 元', '12.50'],
  ['number1', '一', ''],
  ['letter1', 'AB-12c', 'ABc'],
  ['symbol1', '!?a', '!?'],
  ['character_string1', 'SO-1 号', 'SO-1'],
  ['phone_number1', '139 0000 0000 转', '139 0000 0000'],
  ['car_number1', '沪A123456789', '沪A123456'],
  ['amount1', '¥12000元', '¥12000元'],
  ['time3', '2026年5月1日 12:00', '2026年5月1日 12:00'],
])('%s takes of %j: %j', (key, value, fitted) => expect(fitField(key, value)).toBe(fitted))

test('each field is filled by its source; what is not known has a word that WeChat takes', () => {
  const fields = { thing1: 'project', time3: 'at', date4: 'at', thing5: 'at', name6: 'who', phrase7: 'who', number8: 'who', thing9: 'who' }
  expect(fillFields(fields, { values: { project: '全屋定制', at: AT }, at: AT, timeZone })).toEqual({
    thing1: '全屋定制', time3: '2026年5月1日 12:05', date4: '2026年5月1日', thing5: '5月1日 12:05', name6: '客户', phrase7: '暂无', number8: '0', thing9: '暂无',
  })
})

test('a time that is not known is when it happened', () => {
  expect(fillFields({ time1: 'project' }, { values: { project: 'soon' }, at: AT, timeZone })).toEqual({ time1: '2026年5月1日 12:05' })
})

test('the day of a booking is a span of time, a day, or words', () => {
  const fields = { time1: 'day', date2: 'day', thing3: 'day', phrase4: 'state' }
  const values = { day: { day: '2026-06-01', part: 'morning' as const }, state: '已确认' }
  expect(fillFields(fields, { values, at: AT, timeZone })).toEqual({
    time1: '2026年6月1日 08:00~12:00', date2: '2026年6月1日', thing3: '6月1日 上午', phrase4: '已确认',
  })
})
