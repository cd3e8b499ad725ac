/** The longest edges in pixels, the longest first: of the second the first is made. */
export const SIZES = { full: 2_000, thumb: 480 } as const
export type Size = keyof typeof SIZES
export const isSize = (text: string): text is Size => Object.hasOwn(SIZES, text)

/** Who uploaded a picture: a customer's account, a member by his userid, or the holder of a key by its name. */
export type Uploader = { accountId: number } | { memberUserId: string } | { keyName: string }

/** One text for each. */
export const toMark = (by: Uploader): string => Object.entries(by).flat().join(':')

/** Pictures in 24 hours. A customer's acceptance of every stage with nine each is 60. */
export function limitOf(by: Uploader): number {
  if ('accountId' in by) return 60
  return 'memberUserId' in by ? 300 : 2_000
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const isMediaId = (text: string): boolean => UUID.test(text)

const END = '.jpg'
/** What a size of a picture is called in the store. */
export const toName = (id: string, size: Size): string => `${id}-${size}${END}`

/** Whose a name of the store is; undefined: of no picture, such as what a crash left half-written. */
export function readName(name: string): string | undefined {
  const [id, size] = [name.slice(0, 36), name.slice(37, -END.length)]
  return isMediaId(id) && isSize(size) && name === toName(id, size) ? id : undefined
}

const STEP_SECONDS = 5 * 60
const LEAST_SECONDS = 10 * 60

/** When an address that is told now ends, in seconds: in 10 to 15 minutes, the same for all that are told within five, so that a picture is loaded once. */
export function toExpiry(now: Date): number {
  const seconds = now.getTime() / 1_000
  return Math.ceil((seconds + LEAST_SECONDS) / STEP_SECONDS) * STEP_SECONDS
}

/** What an address opens, and until when. */
export type Opening = { id: string; size: Size; expiry: number }
/** What is signed of an address. */
export const toSigned = ({ id, size, expiry }: Opening): string => `${id} ${size} ${String(expiry)}`

/** Seconds of life that an address still has; 0: it is over, or it says no time. */
export function leftOf(expiry: string, now: Date): number {
  if (!/^\d{10}$/.test(expiry)) return 0
  return Math.max(0, Math.floor(Number(expiry) - now.getTime() / 1_000))
}
