import * as v from 'valibot'
import type { Handled, Job, JobRun } from './jobs.ts'

type Payload = v.GenericSchema<Record<string, unknown>, Record<string, unknown>>
type Definition<Schema extends Payload> = {
  name: string
  /** The name under which the last version stored such jobs: they are still done. */
  formerly?: string
  /** What the job is told; what was stored by the last version must still be read. Nothing, if left out. */
  payload?: Schema
  /** Jobs of one queue, or of one lane, run one after the other, whatever process takes them: *in order* is said here. */
  queue?: (payload: v.InferInput<Schema>) => string
  lane?: (payload: v.InferInput<Schema>) => string
  /** A waiting job of the same name and key gives way to the new one; `true`: whatever it is told. */
  once?: true | ((payload: v.InferInput<Schema>) => string | number)
  maxAttempts?: number
}
type Make<Input> = keyof Input extends never
  ? (payload?: Input, runAt?: Date) => Job
  : (payload: Input, runAt?: Date) => Job

/** A kind of job: `of` makes one (at `runAt`, or as soon as may be), `read` understands its payload. */
export type JobKind<Input, Output> = {
  name: string
  formerly?: string
  of: Make<Input>
  read: (payload: unknown) => Output
}

const NOTHING = v.object({})

/** Says all that there is to know of a kind of job in one place. */
export function defineJob<Schema extends Payload = typeof NOTHING>(
  definition: Definition<Schema>,
): JobKind<v.InferInput<Schema>, v.InferOutput<Schema>> {
  const { name, formerly, queue, lane, once, maxAttempts } = definition
  const schema = definition.payload ?? NOTHING
  const toKey = (payload: v.InferInput<Schema>): string | undefined =>
    once === true ? name : once && `${name}:${String(once(payload))}`
  const of = (payload: v.InferInput<Schema> = {}, runAt?: Date): Job => {
    const key = toKey(payload)
    return {
      name,
      payload: { ...payload },
      ...(queue && { queue: queue(payload) }),
      ...(lane && { lane: lane(payload) }),
      ...(key !== undefined && { key }),
      ...(maxAttempts !== undefined && { maxAttempts }),
      ...(runAt && { runAt }),
    }
  }
  return {
    name,
    ...(formerly !== undefined && { formerly }),
    of: of as Make<v.InferInput<Schema>>,
    read: (payload) => v.parse(schema, payload),
  }
}

type Kinds = Record<string, JobKind<never, unknown>>
type Actions<Of extends Kinds> = {
  [Kind in keyof Of]: (payload: ReturnType<Of[Kind]['read']>, run: JobRun) => Promise<unknown>
}

/** Who does the jobs of a room: of each kind somebody. */
export const handle = <Of extends Kinds>(kinds: Of, actions: Actions<Of>): Handled[] =>
  Object.entries(kinds).flatMap(([kind, { name, formerly, read }]) => {
    const perform: Handled['handle'] = async (payload, run) => {
      await actions[kind as keyof Of](read(payload) as ReturnType<Of[keyof Of]['read']>, run)
    }
    return [name, formerly ?? []].flat().map((known) => ({ name: known, handle: perform }))
  })

/** An instant; it travels as ISO text. */
export const instant = v.pipe(
  v.union([v.date(), v.pipe(v.string(), v.isoTimestamp())]),
  v.transform((at) => new Date(at)),
)

/** One word of a union that TypeScript knows and nobody lists. */
export const word = <Word extends string>() =>
  v.custom<Word>((given) => typeof given === 'string', 'a word')
