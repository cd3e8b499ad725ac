import * as v from 'valibot'
import { missingOf, need, oneOf, url, whole } from '../lib/environment.ts'

export const erpVariables = v.object({
  ERP_BASE_URL: v.optional(url),
  ERP_USERNAME: v.optional(need),
  ERP_PASSWORD: v.optional(need),
  ERP_SERIAL: v.optional(need),
  ERP_SYNC: v.optional(oneOf('on', 'off'), 'off'),
  ERP_SCORE_THRESHOLD: v.optional(whole(0, 100)),
})
type Variables = v.InferOutput<typeof erpVariables>

export const erpWhy = {
  ERP_BASE_URL: 'address of the ERP, e.g. https://erp.example.com',
  ERP_USERNAME: 'the account the sync signs in with',
  ERP_PASSWORD: 'its password',
  ERP_SERIAL: "serial number of the ERP's API licence",
}

/** All or none; a switch or a threshold of the sync wants them all. */
export function findErpProblems(env: Variables): string[] {
  const isBegun = env.ERP_SYNC === 'on' || env.ERP_SCORE_THRESHOLD !== undefined
  const missing = missingOf(env, { called: 'ERP_*', needs: erpWhy })
  return isBegun || missing.length < Object.keys(erpWhy).length ? missing : []
}
