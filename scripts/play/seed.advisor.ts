import type { Http } from './requests.ts'

const ZHANGSAN = {
  name: '张三',
  memberUserid: 'zhangsan',
  title: '全屋定制顾问',
  summary: '从业 11 年，做过 300 多户全屋定制和舒适家系统，量尺、方案、交付一路跟到底。',
  services: ['上门量尺', '方案设计', '设备保养'],
  resume: [
    {
      heading: '从业经历',
      text: '2015 年入行，先做了 4 年安装，后转方案设计。熟悉橱柜、衣柜、中央空调、新风和地暖的配合，方案里先把点位和检修口留好。',
    },
    {
      heading: '做过的项目',
      text: '翠湖花园、江南里、云栖小镇等小区 300 多户。其中老房改造 90 多户，平均工期 75 天。',
    },
    {
      heading: '服务承诺',
      text: '24 小时内回复；每个阶段完工当天在小程序更新进度；交付后第一年免费上门保养两次。',
    },
  ],
  active: true,
}

/** The advisor of the demo world; what the office has made of him since then stays. */
export async function seedAdvisor(server: Http, adminKey: string): Promise<void> {
  const path = '/api/admin/advisors/advisor-zhangsan'
  if ((await server.get(path, adminKey)).status === 200) return
  const { status, body } = await server.put(path, ZHANGSAN, adminKey)
  if (status !== 200) throw new Error(`${String(status)} ${JSON.stringify(body)}`)
}
