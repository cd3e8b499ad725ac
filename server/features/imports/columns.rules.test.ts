import { describe, expect, test } from '@jest/globals'
import { HEADINGS, readHeader } from './columns.rules.ts'
import type { Cell } from './order-file.ts'

const NEEDED = ['订单号', '标题', '客户手机']
const read = (cells: Cell[], others: 'refuse' | 'ignore' = 'refuse') => readHeader(cells, others)
const reasonOf = (cells: Cell[], others?: 'ignore') => {
  const found = read(cells, others)
  return found.kind === 'refused' ? found.reason : null
}

describe('the first row of a sheet', () => {
  test('may name the columns in any order, with blanks, stars, wide signs and invisible ones', () => {
    expect(read(['客户手机*', ' 标 题 ', '\u200b订单号', '', ''])).toEqual({
      kind: 'header',
      header: {
        headings: ['客户手机', '标题', '订单号'],
        columns: ['customerPhone', 'title', 'orderNo'],
      },
    })
  })

  test('knows all columns', () => {
    expect(read(Object.values(HEADINGS))).toMatchObject({
      header: { columns: Object.keys(HEADINGS) },
    })
  })

  test.each(NEEDED)('must have %s', (heading) => {
    expect(reasonOf(NEEDED.filter((one) => one !== heading))).toBe(`第一行缺少这些列：${heading}`)
  })

  test('names a column that is there twice', () => {
    expect(reasonOf([...NEEDED, '状态', '状态'])).toBe('这一列出现了两次：状态')
  })

  test('with a misspelt heading is refused, unless others are to be left out', () => {
    expect(reasonOf([...NEEDED, '客户性名'])).toContain('不认识这些列：客户性名。认识的列：订单号')
    expect(read([...NEEDED, '客户性名'], 'ignore')).toMatchObject({
      header: { columns: ['orderNo', 'title', 'customerPhone', null] },
    })
  })

  test('of a file of rejected rows is that of the file that was sent', () => {
    expect(read(['行号', '原因', ...NEEDED])).toMatchObject({
      header: { columns: [null, null, 'orderNo', 'title', 'customerPhone'] },
    })
  })
})
