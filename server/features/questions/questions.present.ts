import type { Question } from '../../../shared/api/questions.ts'
import { maskPhone, toPhones } from '../../../shared/phone.ts'
import type { Party } from '../ownership/ownership.ts'
import { adviseOn } from './advice.rules.ts'
import { isAskedAbout } from './questions.rules.ts'
import type { QuestionsDeps } from './questions.deps.ts'
import * as store from './questions.store.ts'

/** A question as it may be shown: phones masked. */
export async function present(deps: QuestionsDeps, row: store.QuestionRow): Promise<Question> {
  const noted = row.memberUserid === null ? null : toPhones(row.remarkMobiles ?? []).map(maskPhone)
  return {
    id: row.id,
    kind: row.kind,
    advice: adviseOn(row.kind),
    openedAt: row.openedAt.toISOString(),
    canQuery: row.canQuery,
    ...(row.externalUserId !== null && { externalUserId: row.externalUserId }),
    ...(row.contactName !== null && { contactName: row.contactName }),
    ...(row.memberUserid !== null && { memberUserid: row.memberUserid }),
    ...(row.memberName !== null && { memberName: row.memberName }),
    ...(row.customerId !== null && { customerId: row.customerId }),
    ...(row.customerPhone !== null && { customerPhoneMasked: maskPhone(row.customerPhone) }),
    ...(noted !== null && { notedPhonesMasked: noted }),
    ...presentAnswer(row),
    ...(row.phoneHmac !== null &&
      (await presentNumber(deps, { ...row, phoneHmac: row.phoneHmac }))),
  }
}

/** Both sides, so that a person can compare: the orders, and whom the number belongs to as far as we know. */
async function presentNumber(
  deps: QuestionsDeps,
  row: store.QuestionRow & { phoneHmac: Buffer },
): Promise<Partial<Question>> {
  const parties = await deps.ownership.pageOfNumber(deps.db, row.phoneHmac)
  const { externalUserId } = row
  const add =
    externalUserId === null
      ? undefined
      : await store.findAdd(deps.db, { externalUserId, phoneHmac: row.phoneHmac })
  const his = parties.filter((party) => party.customerId === row.customerId && party.shown)
  return {
    ...(row.phoneMasked !== null && { phoneMasked: row.phoneMasked }),
    orders: parties.filter((party) => isAskedAbout(row, party)).map(presentOrder),
    ...(row.customerId !== null && {
      about: {
        customerId: row.customerId,
        names: [...new Set(his.flatMap((party) => party.name ?? []))],
        ...(row.contactName !== null && { contactName: row.contactName }),
        ...(externalUserId !== null && { externalUserId }),
        ...(add && { addedAt: add.at.toISOString(), addedBy: add.by }),
        ...(row.claimantId !== null && { isClaimant: true }),
      },
    }),
    ...(row.escalatedAt !== null && { escalated: true }),
  }
}

/** Who answered, and when it counts, stand with every answer. */
function presentAnswer({
  answer,
  answeredBy,
  answeredByName,
  answeredAt,
  effectiveAt,
  closedAt,
}: store.QuestionRow): Pick<Question, 'answer'> {
  if (!answer) return {}
  return {
    answer: {
      answer: answer.answer,
      by: answeredBy!,
      ...(answeredByName !== null && { byName: answeredByName }),
      answeredAt: answeredAt!.toISOString(),
      effectiveAt: effectiveAt!.toISOString(),
      isEffective: closedAt !== null,
    },
  }
}

const presentOrder = ({
  orderNo,
  title,
  name,
  hidden,
  signedAt,
  beganAt,
}: Party): NonNullable<Question['orders']>[number] => ({
  orderNo,
  title,
  ...(hidden && { hidden: true as const }),
  ...(name !== null && { name }),
  ...(signedAt !== null && { signedAt: signedAt.toISOString() }),
  loadedAt: beganAt.toISOString(),
})
