type Out<T> = T extends Date ? string : T
type Presented<T> = { [Key in keyof T as null extends T[Key] ? never : Key]: Out<T[Key]> } & {
  [Key in keyof T as null extends T[Key] ? Key : never]?: Out<Exclude<T[Key], null>>
}

/** A row as the API tells it: absent instead of null, instants as ISO 8601 in UTC. */
export const present = <T extends object>(row: T): Presented<T> =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, value instanceof Date ? value.toISOString() : value]),
  ) as Presented<T>
