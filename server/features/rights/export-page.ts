import type { PersonExport } from '../../../shared/api/rights.ts'
import { labelOf } from './labels.rules.ts'

type Section = PersonExport['sections'][number]
/** What is told, and where the clock hangs that people read. */
export type Told = { data: PersonExport; timeZone: string }

/** Nothing gets into the page unescaped: much of it was written by customers. */
const escape = (raw: string): string =>
  raw.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`)

/** 个人信息副本: to be read, printed and handed to the person; it loads nothing and runs nothing. */
export function renderExport({ data, timeZone }: Told): string {
  const { customerNo, exportedAt, sections } = data
  const filled = sections.filter(({ rows }) => rows.length > 0)
  const empty = sections.filter(({ rows }) => rows.length === 0)
  const title = `个人信息副本${customerNo === undefined ? '' : ` ${customerNo}`}`
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="format-detection" content="telephone=no"><title>${escape(title)}</title></head>
<body><h1>${escape(title)}</h1>
<p>导出时间：${escape(toText(exportedAt, timeZone))}</p>
<p>这里是本系统保存的关于您的全部信息。聊天内容本系统不保存；订单里其他人的姓名和号码不在其中。</p>
${filled.map((section) => renderSection(section, timeZone)).join('\n')}
<h2>没有记录的部分</h2><p>${escape(empty.map((section) => section.title).join('、') || '无')}</p>
</body></html>`
}

/** A field below the other: rows are wide, and paper is narrow. */
const renderSection = ({ title, rows }: Section, timeZone: string): string =>
  `<h2>${escape(title)}</h2>${rows.map((row) => renderRow(row, timeZone)).join('<hr>')}`

function renderRow(row: Section['rows'][number], timeZone: string): string {
  const fields = Object.entries(row).map(
    ([key, value]) =>
      `<tr><th scope="row" align="left">${escape(labelOf(key))}</th><td>${escape(toText(value, timeZone))}</td></tr>`,
  )
  return `<table>${fields.join('')}</table>`
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

function toText(value: unknown, timeZone: string): string {
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value === 'string') return INSTANT.test(value) ? toMoment(value, timeZone) : value
  if (Array.isArray(value)) return value.map((item) => toText(item, timeZone)).join('、')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([key, item]) => `${key}：${toText(item, timeZone)}`)
    .join('；')
}

const toMoment = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat('zh-CN', { timeZone, dateStyle: 'long', timeStyle: 'medium' }).format(
    new Date(at),
  )
