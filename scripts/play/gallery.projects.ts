/** What the customers of the gallery have had built. */
export const day = (offset: number): string =>
  new Date(Date.now() + offset * 86_400_000).toISOString()

export const PROJECT = {
  title: '翠湖花园 3 栋 1502 · 全屋定制',
  status: '施工中',
  designerUserid: 'zhangsan',
  projectManagerUserid: 'lisi',
  address: '杭州市西湖区翠湖花园 3 栋 1502',
  stages: [
    { name: '签约', status: 'done', doneAt: day(-64) },
    { name: '方案设计', status: 'done', doneAt: day(-49) },
    { name: '工厂生产', status: 'done', doneAt: day(-7) },
    {
      name: '上门安装',
      status: 'active',
      plannedAt: day(5),
      note: '安装师傅会提前一天电话联系您。',
    },
    { name: '验收交付', status: 'pending', plannedAt: day(19) },
  ],
  equipment: [
    {
      name: '中央空调',
      model: 'KFR-120W',
      serialNo: 'AC2026-0413',
      installedAt: day(-3),
      warrantyUntil: day(2_187),
    },
    { name: '新风机', model: 'XF-350' },
  ],
  order: { amount: 186_000, signedAt: day(-64) },
}

export const FINISHED = {
  title: '老房阳台改造',
  status: '已完成',
  stages: [
    { name: '设计', status: 'done', doneAt: day(-30) },
    { name: '施工', status: 'done', doneAt: day(0) },
  ],
}
