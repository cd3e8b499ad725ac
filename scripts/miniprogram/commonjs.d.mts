export function toCommonJs(text: string): string
