import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createPeople, botTexts, findTicket, inventPhone, type Person } from './play/people.ts'
import { createHttp, type Http } from './play/requests.ts'
import { createTeller } from './play/teller.ts'
import { until } from './play/until.ts'
import { describeWorld, enterWorld, readWorld, type World } from './play/worlds.ts'
import { dataDirOf, readEnvironment } from './checkout/environment.ts'

/**
 * The main job, step by step, against a running `npm start`; exit code 0 only if every step held. The platform is one without
 * unionids, or what the arguments say (play/worlds.ts); afterwards it is as before.
 */
type Addresses = { server: string; sandbox: string; adminKey: string }

const REFUSAL = '您还没有查询权限，请联系销售人员通过手机号搜索添加您'

function readAddresses(): Addresses {
  const file = path.join(dataDirOf(readEnvironment()), 'dev.json')
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Addresses
  } catch {
    throw new Error(`${file} is not there: start the product first, with npm start`)
  }
}

const { scene, step, sees, steps } = createTeller((line) => console.log(line))

function hold(fact: unknown, what: string): void {
  if (!fact) throw new Error(`did not hold: ${what}`)
}

async function tell({ server, sandbox, adminKey }: Addresses, world: World): Promise<void> {
  const people = createPeople({
    server: createHttp(server),
    control: createHttp(sandbox),
    adminKey,
  })
  const run = String(Date.now())
  const first = await people.arrive({
    name: '王小明',
    phone: inventPhone(),
    unionid: world.unionids,
  })
  const second = await people.arrive({
    name: '李小红',
    phone: inventPhone(),
    unionid: world.unionids,
  })

  scene('一、办公室录入项目')
  await step('管理员录入两位客户的项目', async () => {
    await people.load(`ST-${run}-A`, first.phone, {
      title: '王小明家 · 全屋定制',
      stages: [
        { name: '设计', status: 'done' },
        { name: '生产', status: 'active' },
      ],
      equipment: [{ name: '中央空调' }],
    })
    await people.load(`ST-${run}-B`, second.phone, { title: '李小红家 · 地暖安装' })
  })
  await bindFirst(first, world)
  await addByPhone(people, first, run)
  await bindByLink(second, world)
  await refuseOtherWays(people, second)
  await keepApart(people, { first, second, run })
  if (!world.servedByPeople) await answerStranger(people)
}

async function bindFirst(customer: Person, world: World): Promise<void> {
  scene(
    world.servedByPeople
      ? '二、客户第一次打开小程序，客服由人工接待，用链接绑定'
      : '二、客户第一次打开小程序，用绑定码绑定',
  )
  await step('wx.login 登录', async () => {
    await customer.signIn()
    const me = await customer.me()
    hold(me.nextStep === 'get_code' && !me.canQuery, 'a stranger is told to get a code')
    sees('小程序首页', me.nextStepText)
  })
  const { bindCode, kfUrl } = await step('取得 6 位绑定码', () => customer.code())
  sees('小程序绑定页', `${bindCode.slice(0, 3)} ${bindCode.slice(3)}（只保存指纹，5 分钟有效）`)
  await step(world.servedByPeople ? '打开客服聊天' : '在微信客服里发送绑定码', () =>
    world.servedByPeople ? customer.enter(kfUrl) : customer.say(bindCode),
  )
  await confirm(customer, world)
  await step('已绑定、顾问还没添加：不能看项目', async () => {
    const refused = await customer.projects()
    hold(refused.status === 403 && refused.body.message === REFUSAL, '403 with the words of R0.55')
    sees('小程序项目页', refused.body.message)
  })
}

/** The tap; equal unionids stand for it. */
async function confirm(customer: Person, { unionids }: World): Promise<void> {
  if (unionids) {
    await step('微信确认是同一个人，直接绑定', () =>
      until('the tie', async () => (await customer.status()).state === 'bound'),
    )
    return
  }
  const ticket = await step('收到确认卡片', () =>
    until('the item to tap', async () => findTicket(await customer.chat())),
  )
  sees(
    '客服聊天',
    (await customer.chat())
      .at(-1)
      ?.menu?.map((item) => `[${item.text}]`)
      .join(' ') ?? '',
  )
  await step('点「打开小程序完成绑定」', async () => {
    const opened = await customer.openTicket(ticket)
    hold(
      opened.status === 200 && opened.body.data.state === 'bound',
      'the ticket binds the account that issued the code',
    )
    sees('小程序绑定页', opened.body.data.text)
  })
}

async function addByPhone(
  people: ReturnType<typeof createPeople>,
  customer: Person,
  run: string,
): Promise<void> {
  scene('三、顾问在企业微信里按手机号搜索并添加客户')
  await step('张三搜索手机号添加（add_way 2）', () => people.add('zhangsan', customer.phone))
  await step('客户收到张三的欢迎语', async () => {
    const letters = await until('the welcome', async () => {
      const inbox = (await customer.inbox()) as { text?: string }[]
      return inbox.some(({ text }) => text !== undefined) && inbox
    })
    sees('企业微信', letters.find(({ text }) => text !== undefined)?.text ?? '')
  })
  const { items } = await step('客户看到自己的项目', () =>
    until('the project list', async () => {
      const list = await customer.projects()
      return list.status === 200 && list.body.data
    }),
  )
  hold(items.length === 1 && items[0].orderNo === `ST-${run}-A`, 'exactly his own project')
  sees('小程序项目页', `${items[0].title}，当前阶段：${items[0].stage}`)
  const detail = (await customer.project(items[0].id)).body.data
  sees(
    '项目详情',
    `${detail.stages.map((stage: { name: string; status: string }) => `${stage.name}(${stage.status})`).join(' → ')}；设备：${detail.equipment.map((one: { name: string }) => one.name).join('、')}`,
  )
}

async function bindByLink(customer: Person, world: World): Promise<void> {
  scene('四、第二位客户不输入，直接点链接绑定')
  await step('登录、点链接', async () => {
    await customer.signIn()
    await customer.enter((await customer.code()).kfUrl)
  })
  await confirm(customer, world)
}

async function refuseOtherWays(
  people: ReturnType<typeof createPeople>,
  customer: Person,
): Promise<void> {
  scene('五、其他添加方式不算数')
  for (const [title, how] of [
    ['扫码添加（add_way 1）', { addWay: 1 }],
    ['客户自己搜索顾问', { initiatedBy: 'customer' }],
  ] as const) {
    await step(`${title}：仍然不能看项目`, async () => {
      const before = (await customer.inbox()).length
      await people.add(title.startsWith('扫码') ? 'lisi' : 'zhangsan', customer.phone, how)
      await until('the welcome of this add', async () => (await customer.inbox()).length > before)
      hold((await customer.projects()).status === 403, 'only a search by the member verifies')
    })
  }
}

async function keepApart(
  people: ReturnType<typeof createPeople>,
  { first, second, run }: { first: Person; second: Person; run: string },
): Promise<void> {
  scene('六、各看各的，用过的绑定码作废')
  await step('王伟按手机号添加第二位客户，他只看到自己的项目', async () => {
    await people.add('wangwei', second.phone)
    const list = await until('the project list', async () => {
      const answer = await second.projects()
      return answer.status === 200 && answer.body.data
    })
    hold(
      list.items.length === 1 && list.items[0].orderNo === `ST-${run}-B`,
      'exactly her own project',
    )
    const foreign = (await first.projects()).body.data.items[0].id as string
    hold((await second.project(foreign)).status === 404, "somebody else's project does not exist")
  })
}

async function answerStranger(people: ReturnType<typeof createPeople>): Promise<void> {
  await step('陌生人乱发 6 位数字，得到同样的回答', async () => {
    const stranger = await people.arrive({ name: '陌生人' })
    await stranger.say('000000')
    const answer = await until('an answer', async () => botTexts(await stranger.chat())[0])
    hold(
      answer === '验证码无效或已过期，请回小程序换一个',
      'one answer for unknown, expired and used',
    )
    sees('客服聊天', answer)
  })
}

/** In a world of its own; whatever the platform was set to before holds again afterwards. */
async function tellIn(addresses: Addresses, world: World): Promise<void> {
  const control: Http = createHttp(addresses.sandbox)
  const { unionidAvailable, kfServedByPeople, undocumented } = (
    await control.get('/_sandbox/settings')
  ).body as Record<string, unknown>
  console.log(describeWorld(world))
  // Unionids are a matter of the people who arrive: whoever is there already keeps his.
  await enterWorld(control, { ...world, unionids: true })
  try {
    await tell(addresses, world)
  } finally {
    await control.post('/_sandbox/settings', { unionidAvailable, kfServedByPeople, undocumented })
  }
}

try {
  await tellIn(readAddresses(), readWorld(process.argv.slice(2)))
  console.log(`\n全部 ${String(steps())} 步都成立`)
} catch (error) {
  console.log(`\n${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
