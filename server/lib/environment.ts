import * as v from 'valibot'

/** The environment is incomplete or contradicts itself; `problems` has one line for each thing to mend. */
export class ConfigRefused extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`the configuration is incomplete:\n${problems.map((line) => `  - ${line}`).join('\n')}`)
    this.problems = problems
  }
}

export const flag = v.pipe(
  v.picklist(['true', 'false', '1', '0', 'on', 'off'], 'must be true or false'),
  v.transform((text) => ['true', '1', 'on'].includes(text)),
)
// The library's own words repeat the value: each check has words of ours, because the value may be a secret in the wrong place.
const outOf = (min: number, max: number): string => `must be from ${String(min)} to ${String(max)}`
export const oneOf = <const T extends readonly string[]>(...words: T) =>
  v.picklist(words, `must be one of ${words.join(', ')}`)
export const whole = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d+$/, 'must be a whole number'),
    v.transform(Number),
    v.minValue(min, outOf(min, max)),
    v.maxValue(max, outOf(min, max)),
  )
export const url = v.pipe(
  v.string(),
  v.url('must be an address like https://example.com'),
  v.transform((text) => text.replace(/\/+$/, '')),
)
export const aesKey = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9+/]{43}$/, 'must be the 43 characters of the console'),
)
export const need = v.pipe(v.string(), v.nonEmpty())

export type Env = Record<string, string | undefined>

type Reading<Entries extends v.ObjectEntries> = {
  schema: v.ObjectSchema<Entries, undefined>
  /** Where to find a variable, for people. */
  why: Readonly<Partial<Record<string, string>>>
  /** What variables say against each other. */
  contradictions: (read: v.InferOutput<v.ObjectSchema<Entries, undefined>>) => string[]
}

/**
 * Reads and checks the environment; an empty variable counts as absent. Throws ConfigRefused with every problem at once.
 */
export function readEnvironment<const Entries extends v.ObjectEntries>(
  env: Env,
  { schema, why, contradictions }: Reading<Entries>,
): v.InferOutput<v.ObjectSchema<Entries, undefined>> {
  const damaged = damagedBy(env, Object.keys(schema.entries))
  const parsed = v.safeParse(schema, withoutStrays(env))
  const others = parsed.success
    ? contradictions(parsed.output)
    : parsed.issues.map((issue) => explain(issue, why))
  const problems = [
    ...damaged,
    ...others.filter((problem) => !damaged.some((one) => nameOf(one) === nameOf(problem))),
  ]
  if (!parsed.success || problems.length > 0) throw new ConfigRefused(problems)
  return parsed.output
}

/** A missing one of variables that are given together or not at all. */
export const missingOf = (
  env: Readonly<Record<string, unknown>>,
  { called, needs }: { called: string; needs: Readonly<Record<string, string>> },
): string[] =>
  Object.entries(needs)
    .filter(([name]) => env[name] === undefined)
    .map(([name, why]) => `${name} is missing: ${called} are given together or not at all (${why})`)

/** Blanks, quotes, a carriage return, a byte order mark, a zero-width character: a console or an editor leaves them, and no secret has them. */
const STRAY = '[\\s"\'`“”‘’\\p{Cf}\\p{Cc}]'
const AROUND = new RegExp(`^${STRAY}|${STRAY}$`, 'u')
const WITHIN = /[\p{Cc}\ufeff]/u
const bare = (text: string): string => text.replace(new RegExp(`^${STRAY}+|${STRAY}+$`, 'gu'), '')

/** Named without the value. What is around the name itself hides the variable: an editor's byte order mark makes the first one unknown. */
function damagedBy(env: Env, known: readonly string[]): string[] {
  return Object.entries(env).flatMap(([given, value = '']) => {
    const name = bare(given)
    if (!known.includes(name)) return []
    if (name !== given)
      return [`${name} is not read: there is a blank, a quote or a byte order mark around its name`]
    return AROUND.test(value) || WITHIN.test(value)
      ? [
          `${name} has a blank, a quote, a line end or a byte order mark around its value: remove it`,
        ]
      : []
  })
}

/** For the sake of the other problems only. */
const withoutStrays = (env: Env): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env)
      .map(([name, value = '']) => [bare(name), bare(value)] as const)
      .filter(([, value]) => value !== ''),
  )

const nameOf = (problem: string): string => problem.split(' ', 1)[0]!

function explain(issue: v.BaseIssue<unknown>, why: Reading<never>['why']): string {
  const name = v.getDotPath(issue) ?? ''
  const what = issue.received === 'undefined' ? 'is missing' : issue.message
  const place = why[name]
  return `${name} ${what}${place === undefined ? '' : ` (${place})`}`
}
