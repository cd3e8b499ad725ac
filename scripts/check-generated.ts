import { readFile } from 'node:fs/promises'
import { generated, locate } from './generate/documents.ts'

const COMMAND = 'npm run generate'

/** A missing file is as stale as an old one; a Windows checkout may have other line ends. */
async function isStale({ name, make }: (typeof generated)[number]): Promise<boolean> {
  const kept = await readFile(locate(name), 'utf8').catch(() => '')
  return kept.replaceAll('\r\n', '\n') !== (await make())
}

for (const file of generated) {
  if (!(await isStale(file))) continue
  console.error(`${file.name} does not fit the code any more; run: ${COMMAND}`)
  process.exitCode = 1
}
