/** A bare number so long that it would lose digits as a number. */
const LONG = /[[:,]\s*\d{16,}\s*[,}\]]/
const QUOTED_OR_LONG = /("(?:[^"\\]|\\.)*")|(?<![\d.])(\d{16,})(?=\s*[,}\]])/g

/** JSON whose numbers of 64 bits are texts. */
export const quoteLongNumbers = (json: string): string =>
  LONG.test(json)
    ? json.replace(
        QUOTED_OR_LONG,
        (_, quoted: string | undefined, digits: string) => quoted ?? `"${digits}"`,
      )
    : json
