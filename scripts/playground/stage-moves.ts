import { control, invite, office, product, type InboxItem } from './api.ts'
import { mayQuery, nextGuest, signIn, type Cast, type Scene } from './cast.ts'
import { pause, timeToRead, until } from './stage.ts'

type Stages = { name: string; status: 'pending' | 'active' | 'done' }[]
type Project = { id: string; orderNo: string; title: string; stages: Stages }
type Customer = { at: string; phone: string; token: string }

export const stageMoves: Scene = {
  id: 'stage',
  title: '阶段推进，收到通知',
  hint: '客户同意一次，项目往前走一步，微信里就来一条',
  tone: 'calm',
  play: async (cast) => {
    const customer = await meet(cast)
    const project = await consent(cast, customer)
    const isTold = await moveAndTell(cast, customer, project)
    const isOnce = await moveAgain(cast, customer, project)
    return {
      asMeant: isTold && isOnce,
      text:
        isTold && isOnce
          ? '每同意一次，正好一条：授权在发送之前先记账取走，两个进程也不会用掉同一次。用完以后改走客服聊天或公众号，都不行就请顾问转告。'
          : '收到的订阅消息不是正好一条，请看上面最后一步。',
    }
  },
}

async function meet({ stage, views, tell }: Cast): Promise<Customer> {
  const person = await invite(nextGuest(stage), { unionid: true })
  await stage.turn({ person: person.personId, guests: [...stage.kept.guests, person.personId] })
  const token = await signIn(person)
  views.show('wecom')
  await stage.act(() => control(`/members/${stage.kept.member}/add`, { phone: person.phone }))
  await until(() => mayQuery(stage, person))
  tell.step(`${person.name}已经绑定，可以看自己的项目`)
  return { at: `/people/${encodeURIComponent(person.personId)}`, phone: person.phone, token }
}

/** He taps 订阅进度通知 on the page of his project and allows it. */
async function consent({ phone, tell }: Cast, { at, token }: Customer): Promise<Project> {
  const { items } = await product<{ items: { id: string }[] }>('GET', '/projects/my', { token })
  const project = await product<Project>('GET', `/projects/${items[0]!.id}`, { token })
  phone.openMini(pageOf(project))
  await timeToRead(1200)
  const find = () =>
    product<{ items: { templateId: string; for: string; remaining: number }[] }>(
      'GET',
      '/notices/templates',
      { token },
    ).then((answer) => answer.items.find((template) => template.for === 'customer')!)
  await control(`${at}/subscribe`, { templateId: (await find()).templateId, choice: 'accept' })
  await until(async () => (await find()).remaining > 0)
  tell.step(
    '他在项目页点「订阅进度通知」，微信弹出询问，他点「允许」。微信推送给服务器：可以发一条',
  )
  return project
}

const pageOf = ({ id }: Project): string => `pages/project-detail/project-detail?id=${id}`

/** The company's program says that the next stage has begun; answers its name. */
async function move({ phone }: Customer, { orderNo, title, stages }: Project): Promise<string> {
  for (const stage of stages) if (stage.status === 'active') stage.status = 'done'
  const next = stages.find(({ status }) => status === 'pending') ?? {
    name: '回访',
    status: 'pending',
  }
  if (!stages.includes(next)) stages.push(next)
  next.status = 'active'
  const loaded = stages.map(({ name, status }) => ({ name, status }))
  await office.load(orderNo, { title, customerPhone: phone, stages: loaded })
  return next.name
}

const receivedBy = async ({ at }: Customer): Promise<InboxItem[]> =>
  (await control<InboxItem[]>(`${at}/inbox`)).filter(({ kind }) => kind === 'subscribe')

async function moveAndTell(cast: Cast, customer: Customer, project: Project): Promise<boolean> {
  const { stage, phone, tell } = cast
  const name = await move(customer, project)
  const messages = await until(async () => {
    const received = await receivedBy(customer)
    return received.length > 0 && received
  }).catch((): InboxItem[] => [])
  await stage.refresh()
  phone.show('notices')
  const isTold = messages.length === 1 && messages[0]?.page === pageOf(project)
  tell.step(
    `公司的系统推进到「${name}」：他收到 ${String(messages.length)} 条服务通知`,
    isTold ? 'good' : 'bad',
  )
  await timeToRead(1500)
  phone.openMini(messages[0]?.page ?? pageOf(project))
  tell.step('他点开通知，看到的就是这个项目')
  return isTold
}

async function moveAgain(cast: Cast, customer: Customer, project: Project): Promise<boolean> {
  await timeToRead(1500)
  const name = await move(customer, project)
  await pause(1500)
  await cast.stage.refresh()
  const isOnce = (await receivedBy(customer)).length === 1
  cast.tell.step(
    `再推进到「${name}」：${isOnce ? '授权已经用完，没有第二条订阅消息，服务器改走别的路' : '又来了一条，他没有同意过'}`,
    isOnce ? 'good' : 'bad',
  )
  return isOnce
}
