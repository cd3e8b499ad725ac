import type { PersonExport } from '../../../shared/api/rights.ts'
import { labelOf } from './labels.rules.ts'

type Section = PersonExport['sections'][number]

/** Nothing gets into the page unescaped: much of it was written by customers. */
const escape = (raw: string): string =>
  raw.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`)

/** 个人信息副本: to be read, printed and handed to the person; it loads nothing and runs nothing. */
export function renderExport({ customerNo, exportedAt, sections }: PersonExport): string {
  const filled = sections.filter(({ rows }) => rows.length > 0)
  const empty = sections.filter(({ rows }) => rows.length === 0)
  const title = `个人信息副本${customerNo === undefined ? '' : ` ${customerNo}`}`
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="format-detection" content="telephone=no"><title>${escape(title)}</title></head>
<body><h1>${escape(title)}</h1>
<p>导出时间：${escape(exportedAt)}（世界标准时间，北京时间加 8 小时）</p>
<p>这里是本系统保存的关于您的全部信息。聊天内容本系统不保存；订单里其他人的姓名和号码不在其中。</p>
${filled.map(renderSection).join('\n')}
<h2>没有记录的部分</h2><p>${escape(empty.map(({ title: name }) => name).join('、') || '无')}</p>
</body></html>`
}

function renderSection({ title, rows }: Section): string {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const head = keys.map((key) => `<th scope="col">${escape(labelOf(key))}</th>`).join('')
  const body = rows.map((row) => `<tr>${keys.map((key) => toCell(row[key])).join('')}</tr>`)
  return `<h2>${escape(title)}</h2><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`
}

const toCell = (value: unknown): string => `<td>${escape(toText(value))}</td>`

function toText(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(toText).join('、')
  return JSON.stringify(value)
}
