import { describe, expect, test } from '@jest/globals'
import { compareNames, hasFullName, isSameText, toNames, type NameMatch } from './names.rules.ts'

test.each<[string | null, string[]]>([
  ['王建国', ['王建国']], [' 王 建 国 ', ['王建国']], ['王建国（代付）', ['王建国']], ['王建国(业主)13800138000', ['王建国']], ['王建国 先生', ['王建国']],
  ['王先生', ['王']], ['李女士', ['李']], ['赵总', ['赵']], ['小王', ['王']], ['老李', ['李']], ['小王建', ['小王建']],
  ['王建国、李梅', ['王建国', '李梅']], ['王建国＆李梅', ['王建国', '李梅']], ['王建国/李梅', ['王建国', '李梅']], ['王建国；李梅', ['王建国', '李梅']], ['王建国，王建国', ['王建国']],
  ['John  SMITH', ['johnsmith']], ['Ｊｏｈｎ', ['john']], ['王\u200b建\u202d国', ['王建国']], ['', []], ['   ', []], ['12', []], [null, []], ['（测试）', []],
  ['先生', []], ['欧阳修', ['欧阳修']],
  ['业主', []], ['业主先生', []], ['散客2', []], ['ＮＵＬＬ', []], ['N/A', []], ['无', []], ['未知（王）', []], ['业主、王建国', ['王建国']], ['无忌', ['无忌']], ['本人：王建国', ['本人王建国']],
])('%j names %j', (text, names) => expect(toNames(text)).toEqual(names))

describe('how the name of an order compares with the names of a person', () => {
  test.each<[string | null, (string | null)[], NameMatch]>([
    ['王建国', ['王建国'], 'same'], ['王建国先生', ['王 建国'], 'same'], ['王建国、李梅', ['李梅'], 'same'], ['李梅', ['王建国', '李梅'], 'same'],
    ['李梅', ['王建国'], 'differs'], ['王建军', ['王建国'], 'differs'], ['John Smith', ['john smith'], 'same'], ['John', ['Jane'], 'differs'],
    ['王先生', ['王建国'], 'nothing'], ['李先生', ['王建国'], 'differs'], ['王建国', ['王先生'], 'nothing'], ['李', ['王'], 'differs'],
    ['李先生', ['王建国', '李梅'], 'nothing'],
    ['业主', ['业主'], 'nothing'], ['null', ['王建国'], 'nothing'], ['无', ['王建国'], 'nothing'],
    [null, ['王建国'], 'nothing'], ['', ['王建国'], 'nothing'], ['王建国', [], 'nothing'], ['王建国', [null, ''], 'nothing'], ['先生', ['王建国'], 'nothing'],
  ])('%j against %j: %s', (order, known, match) => expect(compareNames(order, known)).toBe(match))
})

test.each([['王建', true], ['王', false], ['王先生', false], ['Ann', true], ['Al', false], ['王a', false], [null, false]])('%j is a full name: %s', (text, full) =>
  expect(hasFullName(text)).toBe(full))

test.each([['王建国', '王建国 先生', true], ['王建国、李梅', '李梅/王建国', true], [null, '', true], ['王', null, false], ['王建国', '王建军', false]])('%j and %j say the same: %s', (one, other, same) =>
  expect(isSameText(one, other)).toBe(same))
