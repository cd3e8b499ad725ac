import { Readable } from 'node:stream'
import {
  ImportPage,
  ImportPath,
  ImportProgress,
  ImportQuery,
  ImportsQuery,
  ImportTaken,
} from '../../../shared/api/imports.ts'
import { ReasonBody } from '../../../shared/api/remedies.ts'
import type { Refusals } from '../../http/errors.ts'
import {
  downloadRoute,
  readMark,
  route,
  toMark,
  uploadRoute,
  type Route,
  type Upload,
} from '../../http/route.ts'
import { present } from '../../lib/present.ts'
import { piecesOf, spool, SpoolFull, type Spooled } from '../../lib/spool.ts'
import type { Imports } from './imports.ts'

const DEFAULT_LIMIT = 20
const MOST_BYTES = 64 * 1024 * 1024
const TAKES = [
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/json',
  'application/octet-stream',
] as const

const UNKNOWN = {
  unknown: [404, 'imports.unknown', '没有这次导入，或它已超过七天'],
} satisfies Refusals

/** For those who load orders: a file of many. */
export const createImportRoutes = (imports: Imports): Route[] => [
  createTakeRoute(imports),
  ...createReadRoutes(imports),
  createStopRoute(imports),
]

const spoolUpload = async ({ stream }: Upload): Promise<Spooled | null> =>
  spool(piecesOf(stream), MOST_BYTES).catch((error: unknown) => {
    if (error instanceof SpoolFull) return null
    throw error
  })

const createTakeRoute = (imports: Imports): Route =>
  uploadRoute(
    {
      method: 'post',
      path: '/api/admin/imports',
      who: 'operatorOrService',
      summary: 'Load a file of orders: CSV, XLSX or JSON, told apart by what is in it',
      takes: TAKES,
      query: ImportQuery,
      data: ImportTaken,
      refusals: {
        too_large: [
          413,
          'request.too_large',
          '文件超过 64 MB，请拆成几个文件',
          { Connection: 'close' },
        ],
        file: [400, 'imports.refused', '{reason}'],
      },
    },
    async ({ caller, query: { dryRun = false, ...query }, upload, requestId }) => {
      const file = await spoolUpload(upload)
      if (!file) return { refused: 'too_large' }
      try {
        const by = { name: caller.name, requestId }
        const taken = await imports.take(file, { ...query, dryRun, charset: upload.charset, by })
        if (taken.kind === 'refused') return { refused: 'file', words: { reason: taken.reason } }
        const { id, rows } = taken
        return { data: { id, rows }, message: `已收到 ${String(rows)} 行，正在处理` }
      } finally {
        await file.close()
      }
    },
  )

const createReadRoutes = (imports: Imports): Route[] => [
  route(
    {
      method: 'get',
      path: '/api/admin/imports',
      who: 'viewerOrService',
      summary: 'Imports of the last seven days, the newest first',
      query: ImportsQuery,
      data: ImportPage,
    },
    async ({ query: { cursor, limit = DEFAULT_LIMIT } }) => {
      const { items, next } = await imports.list({ before: readMark(cursor), limit })
      return { data: { items: items.map(present), ...toMark(next) } }
    },
  ),
  route(
    {
      method: 'get',
      path: '/api/admin/imports/:id',
      who: 'viewerOrService',
      summary: 'How far an import is',
      params: ImportPath,
      data: ImportProgress,
      refusals: UNKNOWN,
    },
    async ({ params }) => {
      const found = await imports.read(params.id)
      return found ? { data: present(found) } : { refused: 'unknown' }
    },
  ),
  downloadRoute(
    {
      method: 'get',
      path: '/api/admin/imports/:id/rejected',
      who: 'operatorOrService',
      reveals: true,
      summary:
        'The rows that were not loaded, with the reasons; with whole phones, so it is logged',
      params: ImportPath,
      gives: 'text/csv',
      refusals: UNKNOWN,
    },
    async ({ caller, params, requestId }) => {
      const lines = await imports.tellRejected(params.id, { name: caller.name, requestId })
      if (!lines) return { refused: 'unknown' }
      const name = `import-${String(params.id)}-rejected.csv`
      return { file: { name, content: Readable.from(lines) } }
    },
  ),
]

const createStopRoute = (imports: Imports): Route =>
  route(
    {
      method: 'post',
      path: '/api/admin/imports/:id/stop',
      who: 'operatorOrService',
      summary: 'What is not loaded yet is not loaded',
      params: ImportPath,
      body: ReasonBody,
      data: ImportProgress,
      refusals: { ...UNKNOWN, ended: [409, 'imports.ended', '这次导入已经结束'] },
    },
    async ({ caller, params: { id }, body: { reason }, requestId }) => {
      const stopped = await imports.stop(id, { name: caller.name, requestId, reason })
      const found = await imports.read(id)
      if (!found) return { refused: 'unknown' }
      if (!stopped) return { refused: 'ended' }
      return { data: present(found), message: '已停止，已导入的订单保留' }
    },
  )
