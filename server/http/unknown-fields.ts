import type * as v from 'valibot'

type AnySchema = v.GenericSchema & {
  wrapped?: AnySchema
  item?: AnySchema
  entries?: Record<string, AnySchema>
}

/**
 * The paths in `value` that a strict object of the schema does not know: all of them, where the library names the first.
 *
 * Looks into objects, lists and what may be left out; a union says by itself what fits it.
 */
export function findUnknownFields(schema: AnySchema, value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  if (schema.wrapped) return findUnknownFields(schema.wrapped, value, path)
  if (schema.item && Array.isArray(value)) {
    const { item } = schema
    return value.flatMap((one, index) => findUnknownFields(item, one, join(path, String(index))))
  }
  if (!schema.entries || Array.isArray(value)) return []
  const { entries } = schema
  return Object.entries(value).flatMap(([key, one]) => {
    const known = Object.hasOwn(entries, key) ? entries[key] : undefined
    if (known) return findUnknownFields(known, one, join(path, key))
    return schema.type === 'strict_object' ? [join(path, key)] : []
  })
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`)
