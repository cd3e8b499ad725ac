import type { Page } from 'playwright-core'
import { createPeople } from '../play/people.ts'
import { createHttp } from '../play/requests.ts'
import { arriveWaiting } from '../play/waiting.ts'
import { keep, newPage, type Look, type Picture, type Studio } from './studio.ts'

/** What a member has to do. */
export async function prepareStaff({ addresses }: Studio): Promise<void> {
  const { server, sandbox, adminKey } = addresses
  const doors = { server: createHttp(server), control: createHttp(sandbox), adminKey }
  const people = createPeople(doors)
  await arriveWaiting(people, doors.server)
  const customer = await people.arrive({ name: '方文静' })
  await customer.signIn()
  const act = (actionType: string, more: object = {}) =>
    doors.server.post(
      '/api/customer/action',
      { advisorId: 'advisor-zhangsan', actionType, customerName: '方女士', ...more },
      customer.token,
    )
  await act('view_resume')
  await act('book_service', {
    customerPhone: customer.phone,
    actionData: {
      date: new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10),
      part: 'morning',
      service: '上门量尺',
      note: '楼下可以停车，到了请打电话',
    },
  })
}

/** The staff pages as a member goes through them. */
export async function takeStaff(studio: Studio, look: Look): Promise<Picture[]> {
  const { server, sandbox } = studio.addresses
  const page = await newPage(studio, look, { permissions: ['clipboard-read', 'clipboard-write'] })
  const pictures: Picture[] = []
  const take = async (title: string): Promise<void> => {
    await page.waitForTimeout(300)
    pictures.push(await keep(studio, page, { title: `staff-${title}`, look }))
  }
  await createHttp(sandbox).post('/_sandbox/members/zhangsan/oauth-next')
  await page.goto(`${server}/staff/`)
  await page.getByText('等待添加').first().waitFor()
  await take('list')
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
  await take('list-end')
  await tapFirst(page, '复制手机号')
  await page.evaluate('scrollTo(0, 0)')
  await take('copied')
  await tapFirst(page, '添加客户')
  await take('how-to-add')
  await page.goto(`${server}/staff/`)
  await page.getByRole('link', { name: '线索和预约' }).click()
  await page.getByText('我的预约').waitFor()
  await take('advisor')
  await page.getByText('签约状态').first().click()
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
  await take('advisor-end')
  await tapFirst(page, '退出')
  await take('signed-out')
  await page.context().close()
  return pictures
}

const tapFirst = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name }).first().click()
