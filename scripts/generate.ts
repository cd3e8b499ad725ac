import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { generated, locate, schemaFile } from './generate/documents.ts'

for (const { name, make } of [...generated, schemaFile]) {
  await mkdir(path.dirname(locate(name)), { recursive: true })
  await writeFile(locate(name), await make())
  console.log(`wrote ${name}`)
}
