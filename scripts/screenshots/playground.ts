import type { Page } from 'playwright-core'
import { keep, newPage, type Look, type Picture, type Studio } from './studio.ts'

/** There is the attacker's, too. */
const CUSTOMER = 'iframe[title=客户的小程序]'
/** Each scene as it ends; the tabs of the phone are those that the scene has come to. */
const SCENES = ['reset', 'official', 'booking', 'claim', 'proxy', 'number'] as const

/** The playground at its start, on the way through a binding by the link, and at the end of each scene. */
export async function takePlayground(studio: Studio, look: Look): Promise<Picture[]> {
  const page = await newPage(studio, look)
  const pictures: Picture[] = []
  const take = async (title: string): Promise<void> => {
    await page.waitForTimeout(800)
    pictures.push(await keep(studio, page, { title: `playground-${title}`, look }))
  }
  await page.goto(`${studio.addresses.server}/playground?hurry`)
  await page.frameLocator(CUSTOMER).getByText('您好').first().waitFor()
  await take('start')
  for (const scene of SCENES) {
    await playScene(page, scene)
    await take(scene)
    if (scene === 'reset') await bindByLink(page, take)
  }
  await page.context().close()
  return pictures
}

async function bindByLink(page: Page, take: (title: string) => Promise<void>): Promise<void> {
  const phone = page.frameLocator(CUSTOMER)
  await phone.getByRole('button', { name: '开始绑定' }).click()
  await phone.getByRole('button', { name: '打开客服聊天' }).click()
  await page.locator('.item.mini').last().waitFor()
  await take('chat')
  await page.locator('.item.mini').last().click()
  await phone.getByText('绑定成功').waitFor()
  await take('bound')
}

async function playScene(page: Page, scene: string): Promise<void> {
  await page.locator(`[data-scene=${scene}]`).click()
  await page.locator('.scenes.busy').waitFor()
  await page.locator('.scenes:not(.busy)').waitFor({ timeout: 60_000 })
}

/** For the README: a customer who is bound, and somebody who claims his phone. */
export async function takeForReadme(studio: Studio, file: string): Promise<void> {
  const page = await newPage(studio, { width: 1440, height: 900, scheme: 'light' })
  const phone = page.frameLocator(CUSTOMER)
  await page.goto(`${studio.addresses.server}/playground`)
  await playScene(page, 'reset')
  await page.waitForTimeout(1200)
  await bindByLink(page, () => Promise.resolve())
  await phone.getByText('回到首页').click()
  await playScene(page, 'claim')
  await phone.getByText('正在进行的项目').waitFor()
  await page.waitForTimeout(1500)
  await page.screenshot({ path: file })
  await page.context().close()
}
