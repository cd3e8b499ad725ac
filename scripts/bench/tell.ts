/** How far it is, for who waits; stdout belongs to the report. */
export const tell = (line: string): void => void process.stderr.write(`${line}\n`)
