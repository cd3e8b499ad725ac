import type { BrokenItem } from '../world/faults.ts'

type Fields = Record<string, unknown>

/** The answer with the entries of its lists as the faults want them. */
export function breakItems(answer: Fields, broken: readonly BrokenItem[]): Fields {
  if (broken.length === 0) return answer
  const breakList = (value: unknown): unknown =>
    Array.isArray(value) ? value.map((item) => breakItem(item, broken)) : value
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, breakList(value)]))
}

function breakItem(item: unknown, broken: readonly BrokenItem[]): unknown {
  const text = JSON.stringify(item)
  const fault = broken.find(({ find }) => text.includes(find))
  if (fault === undefined) return item
  if ('' in fault.set) return fault.set['']
  const copy = JSON.parse(text) as Fields
  for (const [path, value] of Object.entries(fault.set))
    change(copy, path, (parent, name) => (parent[name] = value))
  for (const path of fault.omit) change(copy, path, (parent, name) => delete parent[name])
  return copy
}

function change(
  item: Fields,
  path: string,
  action: (parent: Fields, name: string) => unknown,
): void {
  const names = path.split('.')
  const last = names.pop() ?? ''
  let parent: unknown = item
  for (const name of names) parent = isFields(parent) ? parent[name] : undefined
  if (isFields(parent)) action(parent, last)
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null
