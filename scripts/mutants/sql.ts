/** A change of one piece of a text: what stood from `start` to `end` becomes `after`. */
export type Edit = { start: number; end: number; after: string }

const IS_SQL =
  /\b(select|insert into|update|delete from|from|where|order by|case when|exists|and|not|is null|coalesce)\b/

/** Words whose opposite is as good SQL as they are. */
const OPPOSITES: readonly (readonly [find: RegExp, after: string])[] = [
  [/\bis not null\b/g, 'is null'],
  [/\bis null\b/g, 'is not null'],
  [/\bis not distinct from\b/g, 'is distinct from'],
  [/\bnot (?=exists\b|in\b|coalesce\b)/g, ''],
  [/(?<=\s)<=(?=\s)/g, '>'],
  [/(?<=\s)>=(?=\s)/g, '<'],
  [/(?<=\s)<(?=\s)/g, '>='],
  [/(?<=\s)>(?=\s)/g, '<='],
  [/\bmin\(/g, 'max('],
  [/\bmax\(/g, 'min('],
  [/\bgreatest\(/g, 'least('],
  [/ desc\b/g, ''],
  [/\bon conflict do nothing\b/g, ''],
]

/** Conditions that are taken out, and words that are turned round, in the text of an SQL statement. */
export function mutateSql(text: string): Edit[] {
  if (!IS_SQL.test(text)) return []
  const turned = OPPOSITES.flatMap(([find, after]) =>
    [...text.matchAll(find)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      after,
    })),
  )
  return [...dropConjuncts(text), ...turned].sort((a, b) => a.start - b.start || a.end - b.end)
}

/** Each `and ...` is taken out, up to where its condition ends. One that holds a positional `?` would only fail. */
function dropConjuncts(text: string): Edit[] {
  const edits: Edit[] = []
  for (const match of text.matchAll(/\s+and\s/g)) {
    const end = endOfCondition(text, match.index + match[0].length)
    const isBetween = /\bbetween\s+\S+$/.test(text.slice(0, match.index))
    if (!isBetween && !text.slice(match.index, end).includes('?'))
      edits.push({ start: match.index, end, after: '' })
  }
  return edits
}

const ENDS =
  /^\s+(and|or|order by|group by|limit|returning|then|for update|union|on conflict|where|left join|join)\b|^\s*(\)|,)|^\s*$/

function endOfCondition(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    if (depth === 0 && ENDS.test(text.slice(at))) return at
    if (text[at] === '(' || text[at] === '{') depth++
    if (text[at] === ')' || text[at] === '}') depth--
  }
  return text.length
}
