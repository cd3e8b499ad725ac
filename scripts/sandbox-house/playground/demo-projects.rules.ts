import type { ProjectBody } from '../../../shared/api/projects.ts'

const DAY_MS = 86_400_000
const STAGES = ['签约', '方案设计', '工厂生产', '上门安装', '验收交付'] as const

/** A believable order for somebody who has just walked in: under way, with equipment. */
export function toDemoProjects({
  name,
  phone,
  now,
}: {
  name: string
  phone: string
  now: Date
}): (ProjectBody & { orderNo: string })[] {
  const day = (offset: number): string => new Date(now.getTime() + offset * DAY_MS).toISOString()
  const done = 3
  return [
    {
      orderNo: `JD${String(now.getUTCFullYear())}-${phone.slice(-4)}`,
      title: `${name}家 · 全屋定制`,
      customerPhone: phone,
      customerName: name,
      status: '施工中',
      address: '杭州市西湖区翠湖花园 6 栋 1102',
      stages: STAGES.map((stage, index) => ({
        name: stage,
        status: index < done ? 'done' : index === done ? 'active' : 'pending',
        plannedAt: day((index - done) * 14 + 2),
        ...(index < done && { doneAt: day((index - done) * 14 + 1) }),
        ...(index === done && { note: '安装师傅会提前一天电话联系您。' }),
      })),
      equipment: [
        {
          name: '中央空调',
          model: 'KFR-120W',
          serialNo: `AC-${phone.slice(-4)}`,
          installedAt: day(-6),
          warrantyUntil: day(2_190),
        },
        { name: '全屋净水机', model: 'JS-2000', installedAt: day(-5), warrantyUntil: day(1_095) },
      ],
      order: { amount: 168_000, signedAt: day(-48), paid: 117_600 },
    },
  ]
}
