import { createPeople, findTicket } from './people.ts'
import { createHttp } from './requests.ts'
import { seedAdvisor } from './seed.advisor.ts'
import { until } from './until.ts'

type Options = { server: string; sandbox: string; adminKey: string; log: (line: string) => void }

const day = (offset: number): string =>
  new Date(Math.floor(Date.now() / 86_400_000 + offset) * 86_400_000 + 3_600_000).toISOString()

const STAGES = ['签约', '方案设计', '工厂生产', '上门安装', '验收交付']
const timeline = (done: number) =>
  STAGES.map((name, index) => ({
    name,
    status: index < done ? 'done' : index === done ? 'active' : 'pending',
    plannedAt: day((index - done) * 14),
    ...(index < done && { doneAt: day((index - done) * 14 + 1) }),
  }))

const HOMES = [
  {
    name: '陈建国',
    phone: '13800130001',
    state: 'may query',
    projects: [
      {
        orderNo: 'JD20260318',
        title: '翠湖花园 3 栋 1502 · 全屋定制',
        status: '施工中',
        address: '杭州市西湖区翠湖花园 3 栋 1502',
        stages: timeline(3),
        designerUserid: 'zhangsan',
        projectManagerUserid: 'lisi',
        equipment: [
          {
            name: '中央空调',
            model: 'KFR-120W',
            serialNo: 'AC2026-0413',
            installedAt: day(-20),
            warrantyUntil: day(2_170),
          },
          {
            name: '新风机',
            model: 'XF-350',
            serialNo: 'XF2026-0099',
            installedAt: day(-18),
            warrantyUntil: day(1_077),
          },
        ],
        order: { amount: 186_000, signedAt: day(-62), paid: 130_200 },
      },
      {
        orderNo: 'JD20240907',
        title: '老房阳台改造',
        status: '已完成',
        address: '杭州市拱墅区和睦路 18 号',
        stages: timeline(5),
        equipment: [{ name: '智能晾衣机', model: 'LY-20', warrantyUntil: day(300) }],
        order: { amount: 12_800, signedAt: day(-140) },
      },
    ],
  },
  {
    name: '林晓燕',
    phone: '13800130002',
    state: 'waits for the advisor',
    projects: [
      {
        orderNo: 'JD20260502',
        title: '江南里 8 栋 201 · 厨卫翻新',
        status: '生产中',
        stages: timeline(2),
        equipment: [],
        order: { amount: 58_000, signedAt: day(-30) },
      },
    ],
  },
  {
    name: '赵志强',
    phone: '13800130003',
    state: 'never seen',
    projects: [
      {
        orderNo: 'JD20260611',
        title: '云栖小镇 12 号 · 地暖安装',
        status: '设计中',
        stages: timeline(1),
        equipment: [],
        order: { amount: 33_500, signedAt: day(-9) },
      },
    ],
  },
] as const

/**
 * A small believable world: a customer who may look, one who waits to be added, one who has not come yet.
 * Runs at each start; what is there already stays as it is.
 */
export async function seedDemoWorld({ server, sandbox, adminKey, log }: Options): Promise<void> {
  const http = { server: createHttp(server), control: createHttp(sandbox) }
  const people = createPeople({ ...http, adminKey })
  await seedAdvisor(http.server, adminKey)
  const { body } = await http.control.get('/_sandbox/people')
  const known = new Set((body as { phone: string }[]).map((person) => person.phone))
  const newcomers = HOMES.filter((home) => !known.has(home.phone))
  if (newcomers.length > 0) log('filling the demo world: its people arrive, bind and are added')
  for (const home of newcomers) {
    for (const { orderNo, ...project } of home.projects)
      await people.load(orderNo, home.phone, { customerName: home.name, ...project })
    const customer = await people.arrive({ name: home.name, phone: home.phone, unionid: false })
    if (home.state !== 'never seen') await bind(customer)
    if (home.state === 'may query') await people.add('zhangsan', home.phone)
  }
  if (newcomers.length > 0)
    log(`demo world: ${newcomers.map((home) => `${home.name} (${home.state})`).join(', ')}`)
}

type Customer = Awaited<ReturnType<ReturnType<typeof createPeople>['arrive']>>

async function bind(customer: Customer): Promise<void> {
  await customer.signIn()
  await customer.say((await customer.code()).bindCode)
  const ticket = await until('the item to tap', async () => findTicket(await customer.chat()))
  await customer.openTicket(ticket)
}
