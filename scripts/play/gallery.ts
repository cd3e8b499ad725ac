import { readFileSync } from 'node:fs'
import path from 'node:path'
import { dataDirOf, readEnvironment } from '../checkout/environment.ts'
import { createPeople, findTicket, type Person } from './people.ts'
import { createHttp } from './requests.ts'
import { until } from './until.ts'

/** A page to be pictured, once `wait` can be read on it. A code is issued once in 30 s: that page needs a new holder each time. */
type Holder = () => Promise<Person>
export type Shot = { name: string; holder: Holder; page: string; wait: string }
export type Addresses = { server: string; sandbox: string; adminKey: string }

/** Of the instance that runs in this checkout. */
export function readAddresses(): Addresses {
  const file = path.join(dataDirOf(readEnvironment()), 'dev.json')
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Addresses
  } catch {
    throw new Error(`${file} is not there: start the product first, with npm start`)
  }
}

/** Customers in every state the pages know. */
export async function prepareGallery({ server, sandbox, adminKey }: Addresses): Promise<Shot[]> {
  const people = createPeople({
    server: createHttp(server),
    control: createHttp(sandbox),
    adminKey,
  })
  const [visitor, waiting, owner] = [
    await people.arrive({ name: '方文静', unionid: false }),
    await people.arrive({ name: '高明远', unionid: false }),
    await people.arrive({ name: '苏静怡', unionid: false }),
  ]
  for (const customer of [waiting, owner]) await bind(customer)
  await people.load(`JD-${owner.phone}-1`, owner.phone, PROJECT)
  await people.load(`JD-${owner.phone}-2`, owner.phone, FINISHED)
  await people.add('zhangsan', owner.phone)
  const { id } = await until('the projects', async () => {
    const { status, body } = await owner.projects()
    return (
      status === 200 &&
      body.data.items.find((item: { title: string }) => item.title === PROJECT.title)
    )
  })
  const [asVisitor, asWaiting, asOwner] = [visitor, waiting, owner].map(
    (person) => () => Promise.resolve(person),
  ) as [Holder, Holder, Holder]
  return [
    { name: 'home-new', holder: asVisitor, page: 'home/home', wait: '先完成绑定' },
    {
      name: 'bind-code',
      holder: () => people.arrive({ name: '方文静', unionid: false }),
      page: 'bind/bind',
      wait: '您的验证码',
    },
    {
      name: 'projects-denied',
      holder: asVisitor,
      page: 'projects/projects',
      wait: '看看还差哪一步',
    },
    { name: 'sample', holder: asVisitor, page: 'sample/sample', wait: '示例' },
    { name: 'home-waiting', holder: asWaiting, page: 'home/home', wait: '等顾问添加您' },
    { name: 'bind-done', holder: asWaiting, page: 'bind/bind', wait: '绑定成功' },
    { name: 'home', holder: asOwner, page: 'home/home', wait: '最近更新' },
    { name: 'projects', holder: asOwner, page: 'projects/projects', wait: PROJECT.title },
    {
      name: 'project-detail',
      holder: asOwner,
      page: `project-detail/project-detail?id=${String(id)}`,
      wait: '设备档案',
    },
    { name: 'me', holder: asOwner, page: 'me/me', wait: '解除绑定' },
    { name: 'rights', holder: asOwner, page: 'rights/rights', wait: '申请删除' },
  ]
}

const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString()

const PROJECT = {
  title: '翠湖花园 3 栋 1502 · 全屋定制',
  status: '施工中',
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

const FINISHED = {
  title: '老房阳台改造',
  status: '已完成',
  stages: [
    { name: '设计', status: 'done' },
    { name: '施工', status: 'done' },
  ],
}

async function bind(customer: Person): Promise<void> {
  await customer.signIn()
  await customer.say((await customer.code()).bindCode)
  await customer.openTicket(
    await until('the item to tap', async () => findTicket(await customer.chat())),
  )
}
