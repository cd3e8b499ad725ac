import { expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { spool } from '../../lib/spool.ts'
import { zip } from '../../test/zip.ts'
import { readXlsx } from './read-xlsx.ts'

const TYPE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const link = (id: string, type: string, target: string): string =>
  `<Relationship Id="${id}" Type="${TYPE}/${type}" Target="${target}"/>`
const links = (...all: string[]): string => `<Relationships>${all.join('')}</Relationships>`
const BOOK = '<sheets><sheet name="a" r:id="r1"/></sheets>'

type Given = {
  book?: string
  texts?: string
  styles?: string
  rows: string
  more?: Record<string, string>
}

/** As programs other than Excel write it too: prefixes, absolute targets, parts that are not there. */
const write = ({ book = BOOK, texts, styles, rows, more = {} }: Given): Buffer =>
  zip({
    'xl/worksheets/sheet1.xml': `<x:worksheet xmlns:x="x"><x:sheetData>${rows}</x:sheetData></x:worksheet>`,
    'xl/workbook.xml': `<workbook xmlns:r="r">${book}</workbook>`,
    '_rels/.rels': links(link('r1', 'officeDocument', 'xl/workbook.xml')),
    'xl/_rels/workbook.xml.rels': links(
      link('r1', 'worksheet', '/xl/worksheets/sheet1.xml'),
      link('r2', 'worksheet', 'worksheets/sheet2.xml'),
      link('r3', 'sharedStrings', 'sharedStrings.xml'),
      link('r4', 'styles', 'styles.xml'),
    ),
    ...(texts !== undefined && { 'xl/sharedStrings.xml': `<sst>${texts}</sst>` }),
    ...(styles !== undefined && { 'xl/styles.xml': `<styleSheet>${styles}</styleSheet>` }),
    ...more,
  })

async function read(given: Given): Promise<unknown[]> {
  const file = await spool(Readable.from([write(given)]), 1e9)
  const rows: unknown[] = []
  try {
    for await (const { line, cells } of readXlsx(file)) rows.push([line, ...cells])
  } finally {
    await file.close()
  }
  return rows
}

test('texts are read whole, of several looks or not, without how they are pronounced', async () => {
  expect(
    await read({
      texts:
        '<si><t>王建国</t></si><si><r><t>全屋</t></r><r><rPr><b/></rPr><t>净水</t></r><rPh sb="0" eb="1"><t>quan</t></rPh></si><si/>',
      rows: '<x:row r="2"><x:c r="A2" t="s"><x:v>0</x:v></x:c><x:c r="C2" t="s"><x:v>1</x:v></x:c></x:row><x:row><x:c t="s"><x:v>2</x:v></x:c><x:c t="s"><x:v>9</x:v></x:c><x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c></x:row>',
    }),
  ).toEqual([
    [2, '王建国', null, '全屋净水'],
    [3, '', null, '甲'],
  ])
})

test('numbers are numbers, days are days, and formulas what Excel kept of them', async () => {
  expect(
    await read({
      book: `<workbookPr date1904="1"/>${BOOK}`,
      styles:
        '<numFmts><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>',
      rows: '<x:row><x:c s="0"><x:v>44681</x:v></x:c><x:c s="1"><x:v>44681</x:v></x:c><x:c t="str"><x:f>A1&amp;"x"</x:f><x:v>44681x</x:v></x:c><x:c t="b"><x:v>1</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c><x:c><x:v>1.38E10</x:v></x:c><x:c s="1"/></x:row>',
    }),
  ).toEqual([
    [1, 44_681, new Date(Date.UTC(2026, 4, 1)), '44681x', true, '#N/A', 13_800_000_000, null],
  ])
})

test('the first sheet that is to be seen is read', async () => {
  const sheet = (text: string): string =>
    `<worksheet><sheetData><row><c t="str"><v>${text}</v></c></row></sheetData></worksheet>`
  expect(
    await read({
      book: '<sheets><sheet r:id="r1" state="hidden"/><sheet r:id="r2"/></sheets>',
      rows: '',
      more: { 'xl/worksheets/sheet2.xml': sheet('second') },
    }),
  ).toEqual([[1, 'second']])
})

test.each<[string, Given]>([
  [
    'a text longer than Excel can hold',
    { texts: `<si><t>${'长'.repeat(32_768)}</t></si>`, rows: '' },
  ],
  [
    'a value longer than Excel can hold',
    { rows: `<x:row><x:c><x:v>${'1'.repeat(32_768)}</x:v></x:c></x:row>` },
  ],
  [
    'a row of cells that all name one long text',
    {
      texts: `<si><t>${'长'.repeat(32_000)}</t></si>`,
      rows: `<x:row>${'<x:c t="s"><x:v>0</x:v></x:c>'.repeat(40)}</x:row>`,
    },
  ],
  [
    'entities of its own',
    { book: '<!DOCTYPE a [<!ENTITY b "c">]>', texts: '<si><t>&b;</t></si>', rows: '' },
  ],
  ['XML that ends in the middle', { rows: '<x:row><x:c>' }],
  ['no sheet', { book: '<sheets/>', rows: '' }],
])('%s: is no workbook that can be read', async (_, given) => {
  await expect(read(given)).rejects.toMatchObject({ reason: expect.stringContaining('读不了') })
})

test('a sheet is unpacked as its rows are taken: nothing is ahead of a slow database but a moment', async () => {
  const rows = Array.from(
    { length: 50_000 },
    () => `<x:row><x:c t="str"><x:v>${randomBytes(30).toString('hex')}</x:v></x:c></x:row>`,
  )
  const file = await spool(Readable.from([write({ rows: rows.join('') })]), 1e9)
  let bytes = 0
  const range = async function* (from: number, to: number) {
    for await (const piece of file.range(from, to)) {
      bytes += piece.length
      yield piece
    }
  }
  const taken = readXlsx({ ...file, range })
  for (let line = 1; line <= 200; line += 1) await taken.next()
  await new Promise((resolve) => setTimeout(resolve, 50))
  const ahead = bytes
  await taken.return(undefined)
  await file.close()
  expect(ahead).toBeLessThan(file.size / 4)
})
