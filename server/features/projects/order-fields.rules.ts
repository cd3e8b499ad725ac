import type { OrderField } from '../../../shared/api/settings.ts'

const LONGEST_TEXT = 200
const NUMBER = /^[¥￥]?\s*-?\d[\d,，]{0,20}(?:\.\d{1,6})?\s*元?$/
const DAY = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]{5,15}(?:Z|[+-]\d{2}:?\d{2}))?$/

const isNumber = (value: unknown): boolean =>
  Number.isFinite(value) || (typeof value === 'string' && NUMBER.test(value.trim()))

const FITS: Record<OrderField['kind'], (value: unknown) => boolean> = {
  text: (value) =>
    Number.isFinite(value) ||
    (typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_TEXT),
  money: isNumber,
  number: isNumber,
  date: (value) => typeof value === 'string' && DAY.test(value) && !Number.isNaN(Date.parse(value)),
}

/** What a customer sees of an order: the fields that the company names, where the value is what it says (D25). */
export function toCustomerOrder(
  order: Readonly<Record<string, unknown>>,
  fields: readonly OrderField[],
) {
  const shown = fields.filter(
    ({ key, kind }) => Object.hasOwn(order, key) && FITS[kind](order[key]),
  )
  return {
    order: Object.fromEntries(shown.map(({ key }) => [key, order[key] as string | number])),
    orderFields: shown.map(({ key, label, kind }) => ({ key, label, kind })),
  }
}
