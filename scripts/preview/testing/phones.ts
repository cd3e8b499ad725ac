import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, BrowserContextOptions, FrameLocator, Page } from 'playwright-core'
import { findTicket, type createPeople, type Person as Customer } from '../../play/people.ts'
import { until } from '../../play/until.ts'
import { findViolations } from './axe.ts'
import { buildPages, findBrowser, launch, NO_BROWSER, openPhone } from './browser.ts'

const executable = findBrowser()

/** A describe that is left out, aloud, on a machine without a browser; never in CI. */
export function whereThereIsABrowser(title: string, tell: () => void): void {
  if (executable !== undefined) return void describe(title, tell)
  console.warn(`the browser tests were skipped: ${NO_BROWSER}`)
  test(`in CI there is a browser for ${title}`, () => {
    if (process.env['CI'] === 'true') throw new Error(NO_BROWSER)
  })
}

/** Where they live: a town of the stories. */
type Place = { address: string; people: ReturnType<typeof createPeople> }

/** Phones with the preview of the mini-program, in a real browser; a complaint of the page fails the test. */
export function usePhones(town: () => Place) {
  let browser: Browser
  const complaints: string[][] = []
  beforeAll(async () => {
    await buildPages()
    browser = await launch(executable!)
  }, 60_000)
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    expect(complaints.splice(0).flat()).toEqual([])
  })
  afterAll(() => browser.close())

  /** A page that is still empty, and whose complaints count. */
  const takePhone = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const opened = await openPhone(browser, options)
    complaints.push(opened.complaints)
    return opened.page
  }
  const openPage = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await takePhone(options)
    await page.goto(town().address + path)
    return page
  }
  const toMini = ({ personId }: Customer, page = ''): string =>
    `/preview/?person=${personId}${page === '' ? '' : `#/pages/${page}/${page}`}`
  return {
    takePhone,
    openPage,
    openMini: (customer: Customer, page = ''): Promise<Page> => openPage(toMini(customer, page)),
    ...createGuests(town),
  }
}

export const tab = (page: Page | FrameLocator, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()
export const see = (page: Page | FrameLocator, text: string): Promise<void> =>
  page.getByText(text).filter({ visible: true }).first().waitFor()

/** Nothing that a screen reader cannot say or an eye cannot read, by day and by night. */
export async function expectSound(page: Page): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    expect([colorScheme, ...(await findViolations(page))]).toEqual([colorScheme])
  }
}

export const findCard = (customer: Customer): Promise<string> =>
  until('the item to tap', async () => findTicket(await customer.chat()))

/** Customers who have come as far as a test needs. */
function createGuests(town: () => Place) {
  const arrive = () => town().people.arrive({ name: '王小明', unionid: false })
  /** A customer whose chat is tied, and whom nobody has added. */
  const arriveTied = async (): Promise<Customer> => {
    const customer = await arrive()
    await customer.signIn()
    await customer.enter((await customer.code()).kfUrl)
    await customer.openTicket(await findCard(customer))
    return customer
  }
  /** A customer who may see his projects. */
  const arriveBound = async (projects: number): Promise<Customer> => {
    const { people } = town()
    const customer = await arriveTied()
    for (let index = 1; index <= projects; index += 1)
      await people.load(`JD-${customer.phone.slice(2)}-${String(index)}`, customer.phone, {
        title: `第 ${String(index)} 个项目`,
      })
    await people.add('zhangsan', customer.phone)
    await until('the permission', async () => {
      const me = (await customer.me()) as { canQuery: boolean }
      return me.canQuery
    })
    return customer
  }
  return { arrive, arriveTied, arriveBound }
}
