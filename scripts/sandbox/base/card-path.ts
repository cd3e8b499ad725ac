import { type Check, fail, text } from './check.ts'

const HTML = '.html'

/**
 * The page of a mini-program card as WeCom wants it: with `.html` before the query, or every tap lands on the first page
 * of the mini-program (facts 11); refusing shows it earlier. Only the item of a kf menu goes without.
 */
export const cardPath: Check<string> = (value, at) => {
  const path = text({ maxBytes: 1024 })(value, at)
  if (!pageOf(path).endsWith(HTML)) fail(at, 'must end in .html before the query')
  return path
}

/** What a tap on the card opens: the page as the mini-program names it. */
export function openedPath(path: string): string {
  const page = pageOf(path)
  return page.slice(0, -HTML.length) + path.slice(page.length)
}

const pageOf = (path: string): string => path.split('?')[0] ?? ''
