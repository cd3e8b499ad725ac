import { readFile } from 'node:fs/promises'
import path from 'node:path'

const runsFromSource = import.meta.filename.endsWith('.ts')
/** The build lies one folder deeper than the source and holds no pictures. */
const folder = path.resolve(
  import.meta.dirname,
  runsFromSource ? '../assets' : '../../../server/assets',
)

/** A file of server/assets. */
export const readAsset = (name: string): Promise<Buffer> => readFile(path.join(folder, name))
