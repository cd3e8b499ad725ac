/** The text of a page may come from customers (their names): nothing gets into it unescaped. */
export const escape = (raw: string): string =>
  raw.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`)
