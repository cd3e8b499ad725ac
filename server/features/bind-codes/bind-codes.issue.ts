import { randomInt } from 'node:crypto'
import type { BindCodeAnswer } from '../../../shared/api/binding.ts'
import { inTransaction } from '../../lib/db.ts'
import { randomToken, sha256 } from '../../lib/secrets.ts'
import type { BindCodesDeps, BindCodesTx } from './bind-codes.deps.ts'
import { chooseDigits, findWait } from './bind-codes.limits.ts'
import { CODE } from './bind-codes.rules.ts'
import * as codes from './codes.store.ts'

export type Issued =
  { kind: 'issued'; answer: BindCodeAnswer } | { kind: 'too_soon'; waitMs: number }

export async function issue(deps: BindCodesDeps, accountId: number): Promise<Issued> {
  const [link, kfName, servedByPeople] = await Promise.all([
    deps.platforms.kfLink(),
    deps.platforms.kfName(),
    deps.isServedByPeople(),
  ])
  const nonce = randomToken(128)
  const issuedAt = deps.clock()
  const expiresAt = new Date(issuedAt.getTime() + CODE.lifeMs)
  const made = await inTransaction(deps, (tx) =>
    makeCode(tx, { accountId, nonceHash: sha256(nonce), issuedAt, expiresAt }),
  )
  if (made.kind === 'too_soon') return made
  return {
    kind: 'issued',
    answer: {
      bindCode: made.code,
      expiresAt: expiresAt.toISOString(),
      kfUrl: `${link}&scene_param=${nonce}`,
      corpId: deps.corpId,
      ...(kfName !== undefined && { kfName }),
      ...(servedByPeople && { servedByPeople }),
    },
  }
}

type Made = { kind: 'made'; code: string } | Extract<Issued, { kind: 'too_soon' }>

async function makeCode(
  tx: BindCodesTx,
  row: Omit<codes.NewCode, 'codeHmac' | 'digits'>,
): Promise<Made> {
  const { accountId, issuedAt: now } = row
  await tx.ties.lock(tx.db, { accountIds: [accountId], externalUserIds: [] })
  const waitMs = await findWait(tx.db, { accountId, now })
  if (waitMs > 0) return { kind: 'too_soon', waitMs }
  await codes.supersedeOlder(tx.db, { accountId, keep: CODE.liveAtMost - 1, now })
  const digits = await chooseDigits(tx, now)
  return { kind: 'made', code: await insertUnusedCode(tx, { ...row, digits }) }
}

/** Random until one is free: with 100 live codes the first misses once in 10,000 times. */
async function insertUnusedCode(
  tx: BindCodesTx,
  row: Omit<codes.NewCode, 'codeHmac'>,
): Promise<string> {
  const notReusedSince = new Date(row.issuedAt.getTime() - CODE.notReissuedForMs)
  for (;;) {
    const code = String(randomInt(10 ** row.digits)).padStart(row.digits, '0')
    const codeHmac = tx.secrets.hmac('bind code', code)
    if (await codes.insertCode(tx.db, { ...row, codeHmac, notReusedSince })) return code
  }
}
