import type { Config } from '../../server/config.ts'
import { pageSettings } from '../../server/features/settings/settings.store.ts'
import type { Db } from '../../server/lib/db.ts'
import { ok, warn, type Finding, type Words } from './report.ts'

const ORDERS: Words = ['订单', 'orders']
const GO_LIVE: Words = ['上线时间', 'goLiveAt']

/** Step 10: what was loaded, how much of it nobody sees, and whether the day of going live is said. */
export async function examineOrders(db: Db, { kind }: Pick<Config, 'kind'>): Promise<Finding[]> {
  if (!(await db.schema.hasColumn('project_parties', 'shown'))) return []
  const {
    rows: [counted],
  } = await db.raw<{ rows: Record<'orders' | 'nameless' | 'held', string>[] }>(`
    select count(distinct project_id) as orders,
      count(distinct project_id) filter (where role = 'owner' and name is null) as nameless,
      count(distinct project_id) filter (where state = 'held') as held
    from project_parties`)
  const { orders, nameless, held } = counted!
  if (orders === '0') return [ok(ORDERS, ['还没有导入', 'none is loaded yet'])]
  const isLive = (await pageSettings(db)).some(
    ({ key, value }) => key === 'goLiveAt' && value !== null,
  )
  return [
    ok(ORDERS, [
      `${orders} 个；${nameless} 个没有 customerName，${held} 个暂不显示（号码归谁不明）`,
      `${orders}; ${nameless} without customerName, ${held} held because it is unclear whose they are`,
    ]),
    isLive || kind === 'sandbox'
      ? ok(GO_LIVE, ['已设置', 'is set'])
      : warn(
          GO_LIVE,
          [
            '没有设置：以前加的客户，如果看不到当时的备注，都要自己填一次号码',
            'not set: who was added before, and whose remark was not seen then, must type his number',
          ],
          [
            '以前的订单全部导入后，PUT /api/admin/settings 设置 goLiveAt，只能设一次（docs/connecting.md 第 10 步）',
            'when all orders of before are loaded, set goLiveAt by PUT /api/admin/settings, once (docs/connecting.md, step 10)',
          ],
        ),
  ]
}
