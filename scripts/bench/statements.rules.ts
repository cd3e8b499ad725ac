/** A statement that Postgres executed, with the texts of its parameters. */
export type Statement = { text: string; values: (string | null)[]; durationMs: number }

const LINE = /^\d{4}-\d\d-\d\d \S+ \S+ \[(\d+)\] (\w+): {2}/
const DURATION = /^duration: ([\d.]+) ms {2}(?:execute|bind|parse) [^:]+: /
const PARAMETERS = /^parameters: /i

/**
 * What a log written with `log_min_duration_statement = 0` says was executed with parameters. Parsing and binding are part
 * of the duration of an execution. Lines that begin with a tab continue the one before.
 */
export function readStatements(log: string): Statement[] {
  const statements: Statement[] = []
  const open = new Map<string, Statement & { isExecuted: boolean }>()
  for (const entry of log.replaceAll('\n\t', '\n ').split(/\n(?=\d{4}-\d\d-\d\d )/)) {
    const [head, pid, kind] = LINE.exec(entry) ?? []
    if (head === undefined || pid === undefined) continue
    const said = entry.slice(head.length).trimEnd()
    const duration = DURATION.exec(said)
    const last = open.get(pid)
    if (kind === 'LOG' && duration) {
      const text = said.slice(duration[0].length)
      const spent = last && !last.isExecuted && last.text === text ? last.durationMs : 0
      const isExecuted = / {2}execute /.test(duration[0])
      const statement = { text, values: [], durationMs: spent + Number(duration[1]), isExecuted }
      open.set(pid, statement)
    } else if (kind === 'DETAIL' && last?.isExecuted && PARAMETERS.test(said)) {
      const { text, durationMs } = last
      statements.push({ text, values: readParameters(said), durationMs })
      open.delete(pid)
    }
  }
  return statements
}

/** `$1 = 'it''s', $2 = NULL` */
const readParameters = (said: string): (string | null)[] =>
  [...said.matchAll(/\$\d+ = (?:NULL|'((?:[^']|'')*)')/g)].map(
    ([, quoted]) => quoted?.replaceAll("''", "'") ?? null,
  )

export type Main = { text: string; values: (string | null)[][] }

/**
 * The statement on which a request spends most, of those that each of `requests` requests executed; all its parameters.
 * The job runner's own statements are nobody's request.
 */
export function findMain(statements: readonly Statement[], requests: number): Main | undefined {
  const byText = new Map<string, Statement[]>()
  for (const statement of statements)
    if (!statement.text.includes('graphile_worker'))
      byText.set(statement.text, [...(byText.get(statement.text) ?? []), statement])
  const [main] = [...byText]
    .filter(([, all]) => all.length >= requests * 0.9)
    .toSorted(([, a], [, b]) => totalOf(b) - totalOf(a))
  return main && { text: main[0], values: main[1].map(({ values }) => values) }
}

const totalOf = (statements: readonly Statement[]): number =>
  statements.reduce((sum, { durationMs }) => sum + durationMs, 0)
