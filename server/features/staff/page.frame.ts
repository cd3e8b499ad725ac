import { escape } from './html.ts'

/** The pages, by their addresses. */
const PAGES = { '/staff/': '待添加客户', '/staff/advisor': '线索和预约' } as const
type Address = keyof typeof PAGES

export const titleOf = (at: Address): string => PAGES[at]

export const renderHead = (title: string, attributes = ''): string => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark"><meta name="format-detection" content="telephone=no">
<title>${escape(title)}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/staff/staff.css"></head><body${attributes}>`

export type Visitor = { memberName: string; isAdvisor: boolean }

/** What stands above each page; only who is an advisor has more than one. */
export const renderTop = (at: Address, { memberName, isAdvisor }: Visitor): string =>
  `<header><h1>${titleOf(at)}</h1><p><span>${escape(memberName)}</span><button class="plain" id="sign-out" type="button">退出</button></p></header>
${isAdvisor ? renderNav(at) : ''}`

function renderNav(at: Address): string {
  const links = Object.entries(PAGES).map(
    ([path, title]) => `<a href="${path}"${path === at ? ' aria-current="page"' : ''}>${title}</a>`,
  )
  return `<nav aria-label="页面">${links.join('')}</nav>`
}

/** What is said for a moment, and what is only read out. */
export const SAID = '<p id="toast" role="status"></p><p id="news" class="unseen" role="status"></p>'

type Section = { id: string; title: string; count: number; hint: string; rows: readonly string[] }

export const renderSection = ({ id, title, count, hint, rows }: Section): string =>
  rows.length === 0
    ? ''
    : `<section id="${id}" aria-labelledby="${id}-title" tabindex="-1"><h2 id="${id}-title">${title} <span class="count">${String(count)}</span></h2>
<p class="hint">${hint}</p><ul>${rows.join('')}</ul></section>`
