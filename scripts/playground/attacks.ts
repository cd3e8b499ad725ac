import { control, product, type ChatLine, type Look, type Person } from './api.ts'
import { findFreePhone, lookAs, list, mayQuery, signIn, type Cast, type Scene } from './cast.ts'
import { writeInChat } from './phone.ts'
import { pause, timeToRead, until, type Stage } from './stage.ts'

const HOME = 'pages/home/home'
const PROJECTS = 'pages/projects/projects'
const BIND = 'pages/bind/bind'

const newAttacker = (name: string): Promise<Person> =>
  findFreePhone((phone) => control<Person>('/people', { name, phone, unionid: false }))

type Status = { state: string; text?: string }
const statusOf = (token: string): Promise<Status> => product('GET', '/binding/status', { token })

const standingOf = (
  { view }: Stage,
  { externalUserid }: Person,
): Look['standings'][number]['status'] =>
  view?.standings.find((one) => one.externalUserId === externalUserid)?.status ?? 'unbound'

/** What the attacker has in the end: whether he is tied to anybody, and what he sees. */
async function gainOf(token: string): Promise<{ isBound: boolean; sees: string[] | string }> {
  const [{ state }, sees] = [await statusOf(token), await lookAs(token)]
  return { isBound: state === 'bound', sees }
}

export const claim: Scene = {
  id: 'claim',
  title: '冒领别人的手机号',
  hint: '攻击者声明客户的手机号是自己的，等顾问去添加',
  tone: 'attack',
  play: async (cast) => {
    const { stage, attacker, views, tell } = cast
    const victim = stage.person()!
    const { phone } = victim
    if (phone === null)
      return {
        asMeant: false,
        text: '这位客户已经交出了手机号，没有号码可以冒领。请先换一位客户。',
      }
    const thief = await newAttacker('冒领者')
    const token = await signIn(thief)
    attacker.arrive(thief, HOME)
    tell.step('攻击者用自己的微信登录了小程序')
    await product('POST', '/binding/temp', { body: { phoneNumber: phone }, token })
    tell.step(`他声明：「${phone} 是我的手机号」。服务器照常收下，只当线索（E6）`)
    await timeToRead(1200)
    views.show('wecom')
    await addVictim(cast, { ...victim, phone })
    await pause(1500)
    attacker.openMini(PROJECTS)
    const { isBound, sees } = await gainOf(token)
    const isSafe = !isBound && typeof sees === 'string'
    tell.step(`攻击者查看项目：${list(sees)}`, isSafe ? 'good' : 'bad')
    if (!isSafe)
      return {
        asMeant: false,
        text: `攻击者${isBound ? '绑定上了' : '没有绑定'}，他看到 ${list(sees)}。`,
      }
    return {
      asMeant: true,
      text: '声明永远不是证明。手机号只由「顾问搜索并添加到的那个人」证明（E5），而攻击者的帐号没有任何证据与那个人相连。',
    }
  },
}

async function addVictim({ stage, tell }: Cast, victim: Person & { phone: string }): Promise<void> {
  const isAdded = stage.view?.customers.some(
    (follow) => follow.externalUserid === victim.externalUserid,
  )
  if (isAdded === true) return tell.step(`顾问早已按这个号码加了${victim.name}本人`)
  await control(`/members/${stage.kept.member}/add`, { phone: victim.phone })
  tell.step(`顾问按这个号码搜索添加：加到的是真正的${victim.name}`)
}

const findCard = (chat: ChatLine[], before: number): string | undefined =>
  chat
    .slice(before)
    .flatMap((line) => line.menu ?? [])
    .find((item) => item.miniprogramPath !== undefined)?.miniprogramPath

/** What came of the digits: a card in the victim's chat, or the code is refused at once. */
async function awaitAnswer(
  stage: Stage,
  { token, before }: { token: string; before: number },
): Promise<{ card?: string }> {
  return until(async () => {
    await stage.refresh()
    const card = findCard(stage.view?.chat ?? [], before)
    if (card !== undefined) return { card }
    return (await statusOf(token)).state === 'refused' && {}
  })
}

export const proxy: Scene = {
  id: 'proxy',
  title: '让人代发绑定码',
  hint: '攻击者骗客户：「帮我把这个数字发给客服」',
  tone: 'attack',
  play: async ({ stage, phone, attacker, tell }) => {
    const victim = stage.person()!
    const [stood, could] = [standingOf(stage, victim), await mayQuery(stage, victim)]
    const thief = await newAttacker('骗子')
    const token = await signIn(thief)
    attacker.arrive(thief, BIND)
    const code = await attacker.readDigits()
    tell.step(`攻击者在自己的小程序里取得绑定码 ${code.slice(0, 3)} ${code.slice(3)}`)
    await timeToRead(1200)
    const before = stage.view?.chat.length ?? 0
    phone.show('chat')
    await stage.act(() => writeInChat(victim.personId, code))
    tell.step(`${victim.name}受骗，替他把绑定码发给了客服`)
    const { card } = await awaitAnswer(stage, { token, before })
    if (card !== undefined) {
      tell.step('码没有直接绑定任何人：聊天里出现一张只发给这位联系人的确认卡片')
      await timeToRead(1500)
      phone.openMini(card)
      tell.step(`${victim.name}点开卡片，打开的是他自己的小程序帐号，而不是发码的那个`)
    }
    const status = await until(async () => {
      const now = await statusOf(token)
      return now.state === 'refused' && now
    })
    await timeToRead(1500)
    phone.show('chat')
    tell.step(`攻击者的页面：${status.text ?? '绑定没有成功'}`, 'good')
    const { isBound, sees } = await gainOf(token)
    const canNow = await mayQuery(stage, victim)
    const isSafe = !isBound && typeof sees === 'string'
    const isUnharmed = standingOf(stage, victim) === stood && canNow === could
    if (!isSafe || !isUnharmed)
      return {
        asMeant: false,
        text: `攻击者${isBound ? '绑定上了' : '没有绑定'}，看到 ${list(sees)}；${victim.name}${isUnharmed ? '没有受影响' : '的绑定变了'}。`,
      }
    return {
      asMeant: true,
      text: `${card === undefined ? `码当场作废（${status.text ?? '没有说原因'}）。` : '绑定码自己绑定不了任何东西：只有发码的帐号打开卡片才算数。换一个帐号打开，码就作废。'}攻击者什么也没看到，${victim.name}的绑定没有变。`,
    }
  },
}
