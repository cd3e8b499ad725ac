/**
 * SQL: a text column begins with the parameter `:text`, both folded by `fold`. Between that text and the last one that
 * begins so, byte by byte: `like` with a parameter finds no index. Serves an index of `fold(column) text_pattern_ops`.
 */
export const beginsWith = (fold: 'lower' | 'upper', column: string): string =>
  `${fold}(${column}) ~>=~ ${fold}(:text) and ${fold}(${column}) ~<~ (${fold}(:text) || chr(1114111))`
