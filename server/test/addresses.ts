let last = 0

/** An address from which nobody has called yet in this test file. */
export function nextAddress(): string {
  last += 1
  return `10.${String(last >> 16)}.${String((last >> 8) & 255)}.${String(last & 255)}`
}

/** The header by which a proxy says from where a call came. */
export const callingFrom = (address: string): Record<string, string> => ({
  'x-forwarded-for': address,
})
