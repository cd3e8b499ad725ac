/**
 * SQL: a text column begins with the parameter `:text`, whatever the capitals. Between that text and the last one that
 * begins so, byte by byte: `like` with a parameter finds no index. Serves an index of `upper(column) text_pattern_ops`.
 */
export const beginsWith = (column: string): string =>
  `upper(${column}) ~>=~ upper(:text) and upper(${column}) ~<~ (upper(:text) || chr(1114111))`

/**
 * The same for a short column that holds the text anywhere: all its letters, which the index finds, and in that order. Words
 * of two characters, as Chinese names are, make no trigram. Serves a GIN index of `string_to_array(lower(column), null)`.
 */
export const holds = (column: string): string =>
  `string_to_array(lower(${column}), null) @> string_to_array(lower(:text), null) and position(lower(:text) in lower(${column})) > 0`
