import type { Page } from 'playwright-core'
import { createAdvisors, SERVICES, toInvite } from './advisors.ts'
import { day } from './gallery.projects.ts'
import type { Addresses, Shot } from './gallery.ts'
import { createPeople, type Person } from './people.ts'
import { createHttp, type Http } from './requests.ts'
import { until } from './until.ts'

const ZHANGSAN = 'advisor-zhangsan'
const LISI = 'advisor-lisi'

const tap = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()

/** Advisors as customers see them, and what advisors see. */
export async function prepareAdvisors({ server, sandbox, adminKey }: Addresses): Promise<Shot[]> {
  const doors = { server: createHttp(server), control: createHttp(sandbox), adminKey }
  const people = createPeople(doors)
  const office = createAdvisors(doors)
  await office.introduce(ZHANGSAN, { name: '张三', title: '首席设计师' })
  await office.introduce(LISI, { name: '李四', title: '全屋智能与暖通顾问' })
  const arrive = async (name: string): Promise<Person> => {
    const person = await people.arrive({ name, unionid: false })
    await person.signIn()
    return person
  }
  const [advisor, guest, customer] = [
    await arrive('张三'),
    await arrive('方文静'),
    await arrive('苏静怡'),
  ]
  const used = await office.invite(ZHANGSAN)
  await doors.server.post('/api/advisor/join', { invite: toInvite(used) }, advisor.token)
  const subject = await play(doors.server, { advisor, customer })
  const invited = await office.invite(LISI)
  return [
    ...ofCustomers({ guest, customer }),
    ...ofAdvisors({ advisor, subject }),
    // one account may look at ten invitations in an hour
    { name: 'join', holder: () => arrive('李四'), page: below(invited), wait: '您将以' },
    {
      name: 'join-used',
      holder: () => arrive('李四'),
      page: below(used),
      wait: '这个邀请不能用了',
    },
  ]
}

const as = (person: Person) => () => Promise.resolve(person)
const below = (path: string): string => path.replace(/^pages\//, '')

/** She looks, asks and books; he confirms one of two. Answers how his page of her is named. */
async function play(
  server: Http,
  { advisor, customer }: { advisor: Person; customer: Person },
): Promise<string> {
  const act = (actionType: string, more: object = {}) =>
    server.post(
      '/api/customer/action',
      { advisorId: ZHANGSAN, actionType, ...more },
      customer.token,
    )
  const book = (days: number, part: string, note: string) =>
    act('book_service', {
      actionData: { date: day(days).slice(0, 10), part, service: SERVICES[0]!, note },
      customerName: '苏静怡',
      customerPhone: customer.phone,
    })
  await act('view_resume')
  await act('contact_advisor')
  await book(2, 'morning', '家里有老人，请十点以后来')
  await book(9, 'afternoon', '')
  const [first] = await until('his bookings', async () => {
    const { body } = await server.get('/api/advisor/bookings', advisor.token)
    const items = body.data.items as { id: string; customerId: string }[]
    return items.length >= 2 && items
  })
  await server.post(`/api/advisor/bookings/${first!.id}`, { state: '已确认' }, advisor.token)
  return first!.customerId
}

function ofCustomers({ guest, customer }: { guest: Person; customer: Person }): Shot[] {
  const one = {
    holder: as(guest),
    page: `advisor/advisor?id=${ZHANGSAN}`,
    wait: '首席设计师',
  }
  const fillIn = async (page: Page): Promise<void> => {
    await tap(page, '预约')
    await page.getByRole('radio', { name: SERVICES[0]! }).click()
    await page.getByRole('radio', { name: '上午' }).click()
  }
  return [
    { name: 'advisors', holder: as(guest), page: 'advisors/advisors', wait: '李四' },
    { name: 'advisor', ...one },
    { name: 'advisor-book', ...one, act: fillIn },
    {
      name: 'advisor-booked',
      ...one,
      act: async (page) => {
        await fillIn(page)
        await tap(page, '提交预约')
        await page.getByText('预约已提交').waitFor()
        await page.getByText('有结果时通知我').waitFor()
      },
    },
    { name: 'bookings', holder: as(customer), page: 'bookings/bookings', wait: '等顾问确认' },
    {
      name: 'bookings-empty',
      holder: as(guest),
      page: 'bookings/bookings',
      wait: '还没有预约',
      before: async (page) => {
        await page.route('**/api/bookings/my*', (route) =>
          route.fulfill({ json: { success: true, data: { items: [] }, timestamp: Date.now() } }),
        )
      },
    },
  ]
}

function ofAdvisors({ advisor, subject }: { advisor: Person; subject: string }): Shot[] {
  const desk = { holder: as(advisor), page: 'customer/desk', wait: '微信通知' }
  const turnTo =
    (name: string, wait: string) =>
    async (page: Page): Promise<void> => {
      await page.getByRole('tab', { name }).click()
      await page.getByText(wait).filter({ visible: true }).first().waitFor()
    }
  return [
    { name: 'desk', ...desk, act: turnTo('动态', '预约了您的服务') },
    { name: 'desk-leads', ...desk, act: turnTo('客户', '待定') },
    { name: 'desk-bookings', ...desk, act: turnTo('预约', '已确认') },
    {
      name: 'detail',
      holder: as(advisor),
      page: `customer/detail?id=${subject}`,
      wait: '显示并拨打',
    },
    { name: 'me-advisor', holder: as(advisor), page: 'me/me', wait: '顾问工作台' },
  ]
}
