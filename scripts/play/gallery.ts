import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { dataDirOf, readEnvironment } from '../checkout/environment.ts'
import { prepareAdvisors } from './gallery.advisors.ts'
import { day, FINISHED, PROJECT } from './gallery.projects.ts'
import { createPeople, findTicket, type Person } from './people.ts'
import { createHttp } from './requests.ts'
import { until } from './until.ts'

/**
 * A page to be pictured, once `wait` can be read on it. `holder` makes or finds who holds the phone: a code is issued once
 * in 30 s, so that some pages need a new one each time. `before` and `act` are done to the page, before and after it opens.
 */
type Holder = () => Promise<Person>
export type Shot = {
  name: string
  holder: Holder
  page: string
  wait: string
  before?: (page: Page) => Promise<void>
  act?: (page: Page) => Promise<void>
}
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
export async function prepareGallery(addresses: Addresses): Promise<Shot[]> {
  const { server, sandbox, adminKey } = addresses
  const doors = { server: createHttp(server), control: createHttp(sandbox), adminKey }
  const cast = createCast(createPeople(doors), doors.server)
  const owner = await cast.owner()
  const { id } = await until('the projects', async () => {
    const { status, body } = await owner.projects()
    return (
      status === 200 &&
      body.data.items.find((item: { title: string }) => item.title === PROJECT.title)
    )
  })
  return [
    ...beforeTheTie(cast),
    ...(await afterTheTie(cast)),
    ...ofTheOwner(() => Promise.resolve(owner), String(id)),
    ...(await ofOthers(cast)),
    ...(await prepareAdvisors(addresses)),
  ]
}

type Cast = ReturnType<typeof createCast>
type People = ReturnType<typeof createPeople>

/** Who comes, and how far he gets. */
function createCast(people: People, server: ReturnType<typeof createHttp>) {
  const arrive = (name: string): Promise<Person> => people.arrive({ name, unionid: false })
  const entered = async (): Promise<Person> => {
    const customer = await arrive('方文静')
    await customer.signIn()
    await customer.enter((await customer.code()).kfUrl)
    await findCard(customer)
    return customer
  }
  const tied = async (name: string): Promise<Person> => {
    const customer = await arrive(name)
    await customer.signIn()
    await customer.enter((await customer.code()).kfUrl)
    await customer.openTicket(await findCard(customer))
    return customer
  }
  const claim = (customer: Person): Promise<unknown> =>
    server.post('/api/binding/temp', { phoneNumber: customer.phone }, customer.token)
  const owner = async (): Promise<Person> => {
    const customer = await tied('苏静怡')
    await people.load(`JD-${customer.phone}-1`, customer.phone, PROJECT)
    await people.load(`JD-${customer.phone}-2`, customer.phone, FINISHED)
    await people.load(`JD-${customer.phone}-3`, customer.phone, {
      title: '滨江一号样板间全屋智能照明与窗帘改造工程（二期）',
      status: '设计中',
      stages: [{ name: '方案设计与客户确认', status: 'active', plannedAt: day(9) }],
    })
    await people.load(`JD-${customer.phone}-1`, customer.phone, { ...PROJECT, status: '安装中' })
    await people.add('zhangsan', customer.phone)
    return customer
  }
  return { people, arrive, entered, tied, claim, owner, newcomer: () => arrive('方文静') }
}

const findCard = (customer: Person): Promise<string> =>
  until('the item to tap', async () => findTicket(await customer.chat()))

const tap =
  (name: string) =>
  (page: Page): Promise<void> =>
    page.getByRole('button', { name, exact: true }).click()

const refuse =
  (address: string) =>
  async (page: Page): Promise<void> => {
    await page.route(address, (route) => route.abort())
  }

function beforeTheTie({ newcomer, entered }: Cast): Shot[] {
  const bind = { holder: newcomer, page: 'bind/bind', wait: '两步完成绑定' }
  const unfold = tap('没有看到卡片？改用 6 位绑定码')
  return [
    { name: 'home-new', holder: newcomer, page: 'home/home', wait: '先完成绑定' },
    { name: 'bind', ...bind },
    { name: 'bind-digits', ...bind, act: unfold },
    {
      name: 'bind-privacy',
      ...bind,
      act: async (page) => {
        await unfold(page)
        await tap('复制绑定码')(page)
        await page.getByText('隐私保护提示').waitFor()
      },
    },
    {
      name: 'bind-chat-refused',
      ...bind,
      before: refuse('**/kf/enter'),
      act: async (page) => {
        await tap('打开客服聊天')(page)
        await page.getByText('客服聊天没有打开').waitFor()
      },
    },
    { name: 'bind-confirm', holder: entered, page: 'bind/bind', wait: '还差一步确认' },
    {
      name: 'bind-refused',
      holder: async () => {
        const customer = await entered()
        const no = (await customer.chat())
          .flatMap(({ menu = [] }) => menu)
          .find(({ text }) => text.includes('不是我'))
        await customer.tap(no!.id!)
        await until('the refusal', async () => (await customer.status()).state === 'refused')
        return customer
      },
      page: 'bind/bind',
      wait: '这次绑定没有成功',
    },
    {
      name: 'projects-denied',
      holder: newcomer,
      page: 'projects/projects',
      wait: '看看还差哪一步',
    },
    { name: 'sample', holder: newcomer, page: 'sample/sample', wait: '示例' },
    {
      name: 'home-offline',
      holder: newcomer,
      page: 'home/home',
      wait: '网络没有连上',
      before: refuse('**/api/me'),
    },
  ]
}

async function afterTheTie({ people, tied, claim }: Cast): Promise<Shot[]> {
  const [silent, waiting, byCode] = [
    await tied('方文静'),
    await tied('高明远'),
    await tied('吴建军'),
  ]
  await claim(waiting)
  await people.add('zhangsan', byCode.phone, { addWay: 1 })
  await until('the QR code', async () => (await byCode.me()).why.code === 'added_otherwise')
  const as = (person: Person) => () => Promise.resolve(person)
  return [
    { name: 'bind-phone', holder: as(silent), page: 'bind/bind', wait: '绑定成功' },
    { name: 'home-phone', holder: as(silent), page: 'home/home', wait: '请留下您的手机号' },
    { name: 'home-waiting', holder: as(waiting), page: 'home/home', wait: '等顾问添加您' },
    { name: 'bind-waiting', holder: as(waiting), page: 'bind/bind', wait: '绑定成功' },
    { name: 'home-ask', holder: as(byCode), page: 'home/home', wait: '请联系客服' },
    { name: 'me-waiting', holder: as(waiting), page: 'me/me', wait: '解除绑定' },
  ]
}

function ofTheOwner(holder: Holder, id: string): Shot[] {
  return [
    { name: 'home', holder, page: 'home/home', wait: '正在进行的项目' },
    { name: 'projects', holder, page: 'projects/projects', wait: PROJECT.title },
    {
      name: 'project-detail',
      holder,
      page: `project-detail/project-detail?id=${id}`,
      wait: '设备档案',
    },
    { name: 'me', holder, page: 'me/me', wait: '解除绑定' },
    {
      name: 'me-unbind',
      holder,
      page: 'me/me',
      wait: '解除绑定',
      act: tap('解除绑定'),
    },
    { name: 'rights', holder, page: 'rights/rights', wait: '申请删除' },
  ]
}

/** Who may look and has nothing, who was tied without his doing, and who came by an advisor's card. */
async function ofOthers({ people, tied, arrive, claim }: Cast): Promise<Shot[]> {
  const empty = await tied('郑文华')
  await people.add('zhangsan', empty.phone)
  await until('the permission', async () => (await empty.me()).canQuery === true)
  const told = await people.arrive({ name: '林晓燕', unionid: true })
  await told.signIn()
  await claim(told)
  await people.load(`JD-${told.phone}-1`, told.phone, PROJECT)
  await people.add('zhangsan', told.phone)
  await until('the notice', async () => (await told.me()).notice !== undefined)
  const invited = await arrive('何志强')
  await people.add('zhangsan', invited.phone)
  const card = await until('the card', async () => {
    const letters = (await invited.inbox()) as { miniprogramPath?: string }[]
    return letters.find(({ miniprogramPath }) => miniprogramPath)?.miniprogramPath
  })
  const as = (person: Person) => () => Promise.resolve(person)
  return [
    { name: 'home-empty', holder: as(empty), page: 'home/home', wait: '还没有查到您的项目' },
    { name: 'projects-empty', holder: as(empty), page: 'projects/projects', wait: '还没有项目' },
    { name: 'home-notice', holder: as(told), page: 'home/home', wait: '正在进行的项目' },
    {
      name: 'bind-card',
      holder: as(invited),
      page: card.replace(/^\/?pages\//, ''),
      wait: '邀请您',
    },
  ]
}
