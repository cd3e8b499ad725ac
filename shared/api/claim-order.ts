import * as v from 'valibot'
import { normaliseOrderNo } from '../order-no.ts'

/** An order number as a customer types it; becomes what a load would have written. */
const TypedOrderNo = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const orderNo = normaliseOrderNo(dataset.value)
    if (orderNo !== null) return orderNo
    addIssue({ message: '订单号不对，只能有字母、数字、点、横线和下划线' })
    return NEVER
  }),
)

/** POST /api/projects/claim: 没看到订单？输入订单号. Unknown and not his are refused with the same words. */
export const ClaimOrderBody = v.object({ orderNo: TypedOrderNo })
export type ClaimOrderBody = v.InferOutput<typeof ClaimOrderBody>
export const ClaimOrderAnswer = v.object({ found: v.literal(true) })
export type ClaimOrderAnswer = v.InferOutput<typeof ClaimOrderAnswer>

/** POST /api/projects/ask-advisor, without body. */
export const AskAdvisorAnswer = v.object({ asked: v.literal(true) })
export type AskAdvisorAnswer = v.InferOutput<typeof AskAdvisorAnswer>
