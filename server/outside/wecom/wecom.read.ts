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

/** The instant of a field of Unix seconds; 1970 when it is missing, so that a row can still be written and seen to be odd. */
export function instant(from: JsonObject, name: string): Date {
  return new Date((integer(from, name) ?? 0) * 1000)
}

export function object(from: JsonObject, name: string): JsonObject {
  const value = from[name]
  return isObject(value) ? value : {}
}

export function objects(from: JsonObject, name: string): JsonObject[] {
  const value = from[name]
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function texts(from: JsonObject, name: string): string[] {
  const value = from[name]
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : []
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The same object without the keys whose value is undefined: an absent field is absent, on the wire and in our types. */
export function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
