import type { JsonObject } from '../../lib/http-client.ts'

// Reading the platform's JSON without believing it: a field of another type is an absent field, never a crash.

/** A text that says something; the platform writes an empty one for "none". */
export function text(from: JsonObject, name: string): string | undefined {
  const value = from[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A whole number. Ids are never numbers here: they are text, and stay so. */
export function integer(from: JsonObject, name: string): number | undefined {
  const value = from[name]
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined
}

/** Documented as at most 64 bytes of letters, digits and `_-@.`; longer ones do not fit into our keys and queues. */
const ID = /^[\x21-\x7e]{1,64}$/

export const isId = (value: string): boolean => ID.test(value)

/** A text that can be an id. */
export function id(from: JsonObject, name: string): string | undefined {
  const value = text(from, name)
  return value !== undefined && isId(value) ? value : undefined
}

/** 2001 to 2100, in Unix seconds: what lies outside is no instant of a chat or a contact. */
const EARLIEST = 1_000_000_000
const LATEST = 4_102_444_800

/** The instant of a field of Unix seconds. */
export function knownInstant(from: JsonObject, name: string): Date | undefined {
  const seconds = integer(from, name)
  return seconds !== undefined && seconds >= EARLIEST && seconds <= LATEST
    ? new Date(seconds * 1000)
    : undefined
}

/** The same; 1970 when it is missing or odd, so that a row can still be written and seen to be odd. */
export function instant(from: JsonObject, name: string): Date {
  const seconds = integer(from, name) ?? 0
  return new Date(seconds >= 0 && seconds <= LATEST ? seconds * 1000 : 0)
}

export function object(from: JsonObject, name: string): JsonObject {
  return asObject(from[name])
}

export function objects(from: JsonObject, name: string): JsonObject[] {
  return items(from, name).filter(isObject)
}

/** The entries of a list, whatever they are: one that cannot be read must be missed by somebody. */
export function items(from: JsonObject, name: string): unknown[] {
  const value = from[name]
  return Array.isArray(value) ? value : []
}

/** An entry as an object; one of another kind has no fields. */
export const asObject = (entry: unknown): JsonObject => (isObject(entry) ? entry : {})

export function texts(from: JsonObject, name: string): string[] {
  const value = from[name]
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string' && item !== '')
    : []
}

/** The same, where the platform has been seen to write numbers: a phone is a text that happens to have digits only. */
export const numbersOrTexts = (from: JsonObject, name: string): string[] =>
  items(from, name)
    .map((item) => (typeof item === 'number' && Number.isSafeInteger(item) ? String(item) : item))
    .filter((item): item is string => typeof item === 'string' && item !== '')

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The same object without the keys whose value is undefined: an absent field is absent, on the wire and in our types. */
export function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Present<T>
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
