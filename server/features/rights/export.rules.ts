type Row = Readonly<Record<string, unknown>>

const toCamel = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** A row as the API tells it: what is empty is left out. */
export const toCells = (row: Row): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [toCamel(name), value instanceof Date ? value.toISOString() : value]),
  )
