import { dropInvisible } from '../../../shared/text.ts'

/** Titles by which an office writes people down; longer ones first, so that none leaves a piece of another behind. */
const TITLE = /(?:先生|女士|小姐|太太|夫人|老师|老板|经理|师傅|阿姨|总|mr\.?|mrs\.?|ms\.?)$/u
const BRACKETED = /\([^)]*\)|\[[^\]]*\]|【[^】]*】|「[^」]*」|《[^》]*》/gu
/** NFKC makes half-width signs of full-width ones, so ；／（ are these as well. */
const BETWEEN_PEOPLE = /[、&;/,，]/u

const clean = (text: string): string => text.replace(/[\p{P}\p{S}\s\d]/gu, '').replace(TITLE, '')

/** 小王, 老王: a surname and nothing more. */
const withoutNickname = (name: string): string =>
  /^[小老]\p{Script=Han}$/u.test(name) ? name.slice(1) : name

/** What an office writes, or its program, where it knows no name. Whoever is called so is known by nothing. */
const NAMELESS =
  /^(?:业主|户主|房主|房东|租户|租客|客户|新客户|老客户|顾客|用户|散客|本人|家人|收货人|联系人|匿名|无名|无|无姓名|没有|暂无|未知|不详|未填|未填写|空|待定|待补|测试|n\/?a|na|nan|nil|null|none|undefined|unknown|anonymous|customer|client|guest|test)$/u

/**
 * The people that an order names: each without space, brackets and what is in them, digits and titles
 * (ownership.md, "names"). Empty for a text that names nobody.
 */
export function toNames(text: string | null): string[] {
  const plain = dropInvisible((text ?? '').normalize('NFKC'))
    .toLowerCase()
    .replace(BRACKETED, '')
  if (NAMELESS.test(plain.trim())) return []
  const names = plain.split(BETWEEN_PEOPLE).map((part) => withoutNickname(clean(part)))
  return [...new Set(names.filter((name) => name !== '' && !NAMELESS.test(name)))]
}

/** Enough of a name to know a person by: at least two Han characters, or three letters. */
export const isFullName = (name: string): boolean =>
  (name.match(/\p{Script=Han}/gu)?.length ?? 0) >= 2 || (name.match(/\p{L}/gu)?.length ?? 0) >= 3

/** `nothing`: one of the two names nobody, or too little of him to tell. */
export type NameMatch = 'same' | 'differs' | 'nothing'

function comparePair(one: string, other: string): NameMatch {
  if (isFullName(one) && isFullName(other)) return one === other ? 'same' : 'differs'
  // A surname alone tells nothing, unless it is another one.
  return [...one][0] === [...other][0] ? 'nothing' : 'differs'
}

/** How what an order says compares with the names by which a person is known: one that fits is enough. */
export function compareNames(order: string | null, known: readonly (string | null)[]): NameMatch {
  const others = known.flatMap(toNames)
  const matches = toNames(order).flatMap((name) => others.map((other) => comparePair(name, other)))
  if (matches.includes('same')) return 'same'
  return matches.length === 0 || matches.includes('nothing') ? 'nothing' : 'differs'
}

export const hasFullName = (text: string | null): boolean => toNames(text).some(isFullName)

/** Whether two texts name the same people, or both nobody. */
export const isSameText = (one: string | null, other: string | null): boolean =>
  toNames(one).toSorted().join() === toNames(other).toSorted().join()
