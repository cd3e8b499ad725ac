import * as v from 'valibot'
import { InstantIn, InstantOut } from './envelope.ts'
import { PageQuery } from './projects.ts'

const Word = v.pipe(v.string(), v.maxLength(200, '最多 200 个字'))

/** What an admin or a member changed; phones are masked. */
const Operation = v.object({
  id: v.number(),
  at: InstantOut,
  operator: v.string(),
  operation: v.string(),
  target: v.object({ type: v.string(), id: v.string() }),
  before: v.nullable(v.unknown()),
  after: v.nullable(v.unknown()),
  reason: v.optional(v.string()),
  detail: v.optional(v.string()),
  requestId: v.optional(v.string()),
})
export type Operation = v.InferOutput<typeof Operation>

export const OperationQuery = v.pipe(
  v.strictObject({
    ...PageQuery.entries,
    operator: v.optional(Word),
    operation: v.optional(Word),
    targetType: v.optional(Word),
    targetId: v.optional(Word),
    from: v.optional(InstantIn),
    to: v.optional(InstantIn),
  }),
  // Numbers of different things are told apart by nothing else, and no index leads to a number alone.
  v.forward(
    v.check(
      ({ targetType, targetId }) => targetId === undefined || targetType !== undefined,
      'targetId 须与 targetType 一起填写，例如 targetType=customer',
    ),
    ['targetType'],
  ),
)
export type OperationQuery = v.InferOutput<typeof OperationQuery>
export const OperationPage = v.object({
  items: v.array(Operation),
  nextCursor: v.optional(v.string()),
})
