import { control, invite, office, product, type InboxItem, type Person } from './api.ts'
import { findFreePhone, nextGuest, signIn, type Cast, type Scene } from './cast.ts'
import { timeToRead, until } from './stage.ts'

const ADVISOR = 'advisor-zhangsan'
const NAME = '张三（顾问）'
const PATIENCE_S = 30

type Party = { person: Person; token: string }
type Template = { templateId: string; for: 'advisor' | 'customer'; kind: string; remaining: number }
type Booking = { id: string; state: string }

const at = ({ person }: Party): string => `/people/${encodeURIComponent(person.personId)}`

export const booking: Scene = {
  id: 'booking',
  title: '顾问：预约和提醒',
  hint: '顾问凭邀请加入并订阅，客户看简历、预约，两边都收到提醒',
  tone: 'calm',
  play: async (cast) => {
    const advisor = await join(cast)
    const customer = await look(cast)
    const isTold = await book(cast, { advisor, customer })
    const isConfirmed = await confirm(cast, { advisor, customer })
    return {
      asMeant: isTold && isConfirmed,
      text:
        isTold && isConfirmed
          ? '每条提醒都先在账上取走一次授权，再发送：没有授权就不发，一件事只提醒一次。客户的手机号只有顾问点「显示并拨打」才看得到，并留下记录。'
          : '收到的提醒和预想的不一样，请看上面的步骤。',
    }
  },
}

/** The person who plays him stays the same: the account that was the advisor would be put away. */
async function findAdvisor({ stage }: Cast): Promise<Person> {
  const known = stage.view?.people.find(({ name }) => name === NAME)
  return (
    known ??
    findFreePhone((phone) => control<Person>('/people', { name: NAME, phone, unionid: false }))
  )
}

const consent = async (party: Party, kinds: readonly string[]): Promise<Template[]> => {
  const { items } = await product<{ items: Template[] }>('GET', '/notices/templates', party)
  const wanted = items.filter(({ kind }) => kinds.includes(kind))
  for (const { templateId } of wanted)
    await control(`${at(party)}/subscribe`, { templateId, choice: 'accept' })
  return wanted
}

/** He accepts the invitation of the office and lets himself be told. */
async function join(cast: Cast): Promise<Party> {
  const { advisorPhone, tell } = cast
  const person = await findAdvisor(cast)
  const party = { person, token: await signIn(person) }
  const { miniprogramPath } = await office.inviteAdvisor(ADVISOR)
  advisorPhone.arrive(person, miniprogramPath)
  tell.step('公司给张三一个一次性的邀请，他在自己的微信里点开')
  await timeToRead(3000)
  const body = { invite: new URLSearchParams(miniprogramPath.split('?')[1]).get('invite') }
  await product('POST', '/advisor/join', { body, token: party.token })
  advisorPhone.openMini('pages/customer/desk')
  tell.step('他接受：这个微信就是顾问张三，邀请不能再用')
  await timeToRead(1500)
  const before = await leftOf(party)
  await consent(party, ['newCustomer', 'booking'])
  await until(async () => (await leftOf(party)) >= before + 2)
  advisorPhone.openMini('pages/customer/desk')
  tell.step('他订阅「新客户提醒」和「预约提醒」：微信一次问两个模板，各可收到一条')
  return party
}

const leftOf = async (party: Party): Promise<number> => {
  const { remaining } = await product<{ remaining: Record<string, number> }>(
    'GET',
    '/advisor/me',
    party,
  )
  return Object.values(remaining).reduce((sum, one) => sum + one, 0)
}

/** She opens his page; that she did, the page itself tells. */
async function look(cast: Cast): Promise<Party & { told: number }> {
  const { stage, phone, advisorPhone, views, tell } = cast
  const told = (await advisorPhone.look()).length
  const person = await invite(nextGuest(stage), { unionid: true })
  await stage.turn({ person: person.personId, guests: [...stage.kept.guests, person.personId] })
  const customer = { person, token: await signIn(person) }
  views.show('phone')
  await until(async () => {
    phone.openMini(`pages/advisor/advisor?id=${ADVISOR}`)
    return (await untilTold(advisorPhone, told + 1, 4)) !== null
  }, PATIENCE_S)
  views.show('advisor')
  advisorPhone.show('notices')
  tell.step(`${person.name}打开张三的简历：他收到一条「新客户提醒」`, 'good')
  await timeToRead(2000)
  return { ...customer, told }
}

type Noticed = Pick<Cast['advisorPhone'], 'look'>

/** What came, the latest first; null: not so many. */
const untilTold = ({ look: see }: Noticed, count: number, seconds = 20) =>
  until(async () => {
    const items = await see()
    return items.length >= count && items
  }, seconds).catch((): InboxItem[] | null => null)

type Both = { advisor: Party; customer: Party & { told: number } }

/** She books and wants to be told; he has both messages, and the new one leads to her. */
async function book(cast: Cast, { customer }: Both): Promise<boolean> {
  const { phone, advisorPhone, stage, views, tell } = cast
  const { person, token } = customer
  const { services } = await product<{ services: string[] }>('GET', `/advisors/${ADVISOR}`, {
    token,
  })
  const service = services[0] ?? '上门量尺'
  await product('POST', '/customer/action', {
    token,
    body: {
      advisorId: ADVISOR,
      actionType: 'book_service',
      actionData: { date: inDays(2), part: 'morning', service },
      customerName: person.name,
      customerPhone: person.phone,
    },
  })
  await consent(customer, ['bookingState'])
  views.show('phone')
  phone.openMini('pages/bookings/bookings')
  tell.step(`${person.name}预约后天上午${service}，留下手机号，并同意收到结果`)
  await timeToRead(1500)
  const items = await untilTold(advisorPhone, customer.told + 2)
  await stage.refresh()
  const page = items?.[0]?.page ?? ''
  const isTold = items?.length === customer.told + 2 && page.startsWith('pages/customer/detail?id=')
  advisorPhone.show('notices')
  tell.step(
    isTold ? '张三又收到一条「预约提醒」，两次授权正好用完' : '张三没有收到两条提醒',
    isTold ? 'good' : 'bad',
  )
  await timeToRead(2000)
  if (page !== '') advisorPhone.openMini(page)
  tell.step('他点开提醒，看到的就是这位客户：做过什么、约了什么、号码打了码')
  await timeToRead(2000)
  return isTold
}

/** He confirms, and she is told. */
async function confirm(cast: Cast, { advisor, customer }: Both): Promise<boolean> {
  const { phone, advisorPhone, stage, views, tell } = cast
  const { items } = await product<{ items: Booking[] }>('GET', '/bookings/my', customer)
  await product('POST', `/advisor/bookings/${items[0]!.id}`, {
    token: advisor.token,
    body: { state: '已确认' },
  })
  const received = await until(async () => {
    const letters = await control<InboxItem[]>(`${at(customer)}/inbox`)
    const told = letters.filter(({ kind }) => kind === 'subscribe')
    return told.length > 0 && told
  }).catch((): InboxItem[] => [])
  await stage.refresh()
  const page = received[0]?.page ?? ''
  const isTold = received.length === 1 && page.startsWith('pages/bookings/bookings')
  void advisorPhone.look()
  views.show('phone')
  phone.show('notices')
  tell.step(
    isTold ? '他点「确认预约」：客户收到「预约结果提醒」' : '他确认了，客户没有收到结果',
    isTold ? 'good' : 'bad',
  )
  await timeToRead(2000)
  if (page !== '') phone.openMini(page)
  return isTold
}

const inDays = (days: number): string =>
  new Date(Date.now() + days * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)
