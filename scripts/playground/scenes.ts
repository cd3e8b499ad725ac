import { control, invite, product, type ChatLine, type Delivery, type Person } from './api.ts'
import { findFreePhone, nextGuest, signIn, type Scene } from './cast.ts'
import { numberChanged } from './number-changed.ts'
import { writeInChat } from './phone.ts'
import { pause, timeToRead, until } from './stage.ts'

const reset: Scene = {
  id: 'reset',
  title: '重新开始',
  hint: '清空时间线和故障，请来一位没有绑定过的客户',
  tone: 'calm',
  play: async ({ stage, tell }) => {
    await control('/faults', { clear: true })
    const person = await invite(nextGuest(stage))
    await stage.turn({ person: person.personId, since: Date.now(), guests: [person.personId] })
    tell.step(`${person.name}来了，手机号 ${person.phone}，公司已经为他录入一个项目`, 'good')
    tell.end('在左边的手机上点「获取验证码」，按小程序的提示走；最后让顾问按手机号添加他。')
  },
}

const second: Scene = {
  id: 'second',
  title: '第二位客户',
  hint: '再来一位，各看各的项目',
  tone: 'calm',
  play: async ({ stage, tell }) => {
    const person = await invite(nextGuest(stage))
    await stage.turn({ person: person.personId, guests: [...stage.kept.guests, person.personId] })
    tell.step(`${person.name}来了，手机号 ${person.phone}，有一个自己的项目`, 'good')
    tell.end(
      '两位客户的会话、绑定、项目互不相通：项目列表只由一条 SQL 证明权限后读出。顶上可以随时切换客户。',
    )
  },
}

const writeInOfficial = (personId: string, text: string): Promise<unknown> =>
  control(`/people/${encodeURIComponent(personId)}/official/send`, { text })

const official: Scene = {
  id: 'official',
  title: '只在公众号里发手机号',
  hint: '客户发手机号，顾问添加，其余自动完成',
  tone: 'calm',
  play: async ({ stage, phone, tell }) => {
    const person = await invite(nextGuest(stage), { unionid: true })
    await stage.turn({ person: person.personId, guests: [...stage.kept.guests, person.personId] })
    phone.show('official')
    await control(`/people/${encodeURIComponent(person.personId)}/official/follow`, {})
    await stage.act(() => writeInOfficial(person.personId, person.phone))
    tell.step(
      `${person.name}关注公众号，发来手机号。服务器记为线索（E6），48 小时内有效，并提醒顾问`,
    )
    await timeToRead(1200)
    await stage.act(() => control(`/members/${stage.kept.member}/add`, { phone: person.phone }))
    tell.step('顾问按手机号搜索并添加：手机号成立（E5）；两边的 unionid 相同，就是同一个人（E3）')
    await until(async () => {
      await stage.refresh()
      return stage.view?.standings.some(
        (one) => one.externalUserId === person.externalUserid && one.mayQuery,
      )
    })
    await timeToRead(1200)
    await stage.act(() => writeInOfficial(person.personId, '查询项目进度'))
    tell.step('公众号主动告诉他绑定成功，一问就有进度', 'good')
    tell.end(
      '公司把小程序、公众号和企业微信绑到同一个开放平台后，客户不用再做任何一步。没有 unionid 时，顾问的欢迎卡片点一下就行。',
    )
  },
}

const attacker = (name: string): Promise<Person> =>
  findFreePhone((phone) => control<Person>('/people', { name, phone, unionid: false }))

const answerOf = (action: Promise<unknown>): Promise<string> =>
  action.then(
    () => '成功',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

const claim: Scene = {
  id: 'claim',
  title: '冒领别人的手机号',
  hint: '攻击者声明客户的手机号是自己的，等顾问去添加',
  tone: 'attack',
  play: async ({ stage, tell }) => {
    const victim = stage.person()!
    if (victim.phone === null)
      return tell.end('这位客户已经交出了手机号，没有号码可以冒领。请先换一位客户。')
    const thief = await attacker('冒领者')
    const token = await signIn(thief)
    tell.step('攻击者用自己的微信登录了小程序')
    await product('POST', '/binding/temp', { body: { phoneNumber: victim.phone }, token })
    tell.step(`他声明：「${victim.phone} 是我的手机号」。服务器照常收下，只当线索（E6）`)
    const isAdded =
      stage.view?.customers.some((follow) => follow.externalUserid === victim.externalUserid) ??
      false
    if (!isAdded) await control(`/members/${stage.kept.member}/add`, { phone: victim.phone })
    tell.step(
      isAdded
        ? `顾问早已按这个号码加了${victim.name}本人`
        : `顾问按这个号码搜索添加：加到的是真正的${victim.name}`,
    )
    await pause(1500)
    const refusal = await answerOf(product('GET', '/projects/my', { token }))
    tell.step(`攻击者查看项目：${refusal}`, refusal === '成功' ? 'bad' : 'good')
    tell.end(
      '声明永远不是证明。手机号只由「顾问搜索并添加到的那个人」证明（E5），而攻击者的帐号没有任何证据与那个人相连。',
    )
  },
}

const findCard = (chat: ChatLine[], before: number): string | undefined =>
  chat
    .slice(before)
    .flatMap((line) => line.menu ?? [])
    .find((item) => item.miniprogramPath !== undefined)?.miniprogramPath

const proxy: Scene = {
  id: 'proxy',
  title: '让人代发验证码',
  hint: '攻击者骗客户：「帮我把这个数字发给客服」',
  tone: 'attack',
  play: async ({ stage, phone, tell }) => {
    const victim = stage.person()!
    const token = await signIn(await attacker('骗子'))
    const { bindCode } = await product<{ bindCode: string }>('POST', '/binding/code', { token })
    tell.step(`攻击者在自己的小程序里取得验证码 ${bindCode.slice(0, 3)} ${bindCode.slice(3)}`)
    const before = stage.view?.chat.length ?? 0
    phone.show('chat')
    await stage.act(() => writeInChat(victim.personId, bindCode))
    tell.step(`${victim.name}受骗，替他把验证码发给了客服`)
    const outcome = await until(async () => {
      await stage.refresh()
      const card = findCard(stage.view?.chat ?? [], before)
      if (card !== undefined) return card
      return (await statusOf(token)).state === 'refused' && 'refused'
    })
    if (outcome !== 'refused') {
      tell.step('码没有直接绑定任何人：聊天里出现一张只发给这位联系人的确认卡片')
      await timeToRead(1200)
      phone.openMini(outcome)
      tell.step(`${victim.name}点开卡片，打开的是他自己的小程序帐号，而不是发码的那个`)
    }
    const status = await until(async () => {
      const now = await statusOf(token)
      return now.state === 'refused' && now
    })
    phone.show('chat')
    tell.step(`攻击者的页面：${status.text ?? '绑定没有成功'}`, 'good')
    tell.end(
      '验证码自己绑定不了任何东西：只有发码的帐号打开卡片才算数。换一个帐号打开，码就作废，双方都被告知，记为一次钓鱼。',
    )
  },
}
const statusOf = (token: string): Promise<{ state: string; text?: string }> =>
  product('GET', '/binding/status', { token })

const ringsSince = async (at: number): Promise<Delivery[]> =>
  (await control<Delivery[]>('/callbacks')).filter((delivery) => delivery.at >= at)

const faults: Scene = {
  id: 'faults',
  title: '回调丢失与重复',
  hint: '平台把同一个回调送两次，又把下一个弄丢',
  tone: 'fault',
  play: async ({ stage, phone, tell }) => {
    const { personId, name } = stage.person()!
    const countHeard = (since: number): number =>
      (stage.view?.timeline ?? []).filter(
        (entry) => entry.at >= since && entry.key.startsWith('message-'),
      ).length
    phone.show('chat')
    await control('/faults', { clear: true })
    let from = Date.now()
    await control('/faults', { callbacks: { duplicate: 1 } })
    await stage.act(() => writeInChat(personId, '进度'))
    await until(async () => {
      await stage.refresh()
      return countHeard(from) > 0
    })
    await pause(600)
    tell.step(
      `重复：${name}发一句话，平台按铃 ${String((await ringsSince(from)).length)} 次，服务器只处理 1 次，也只答复 1 次`,
      'good',
    )
    from = Date.now()
    await control('/faults', { callbacks: { duplicate: 0, drop: 1 } })
    await stage.act(() => writeInChat(personId, '进度'))
    await pause(800)
    await stage.refresh()
    tell.step(
      `丢失：他再发一句，${String((await ringsSince(from)).filter((ring) => ring.outcome === 'dropped').length)} 次铃都丢了，服务器不知道有这条消息`,
      'bad',
    )
    await control('/faults', { clear: true })
    await stage.act(() => writeInChat(personId, '进度'))
    await until(async () => {
      await stage.refresh()
      return countHeard(from) >= 2
    })
    tell.step('恢复：下一次按铃时从游标接着拉，丢的那条也补上了', 'good')
    tell.end(
      '回调只当门铃。内容按游标拉取，每条消息只收一次；就算一直没有铃，服务器每分钟也会自己去看一次。',
    )
  },
}

export const SCENES: readonly Scene[] = [
  reset,
  second,
  official,
  numberChanged,
  claim,
  proxy,
  faults,
]
