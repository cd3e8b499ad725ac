import { claim, proxy } from './attacks.ts'
import { booking } from './booking.ts'
import { control, invite, type Delivery, type Person } from './api.ts'
import { list, lookAs, mayQuery, nextGuest, signIn, type Scene } from './cast.ts'
import { numberChanged } from './number-changed.ts'
import { officialOf } from './official.ts'
import { writeInChat } from './phone.ts'
import { stageMoves } from './stage-moves.ts'
import { pause, timeToRead, until, type Stage } from './stage.ts'

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
    const isNew = !(await mayQuery(stage, person)) && stage.person()?.personId === person.personId
    return {
      asMeant: isNew,
      text: isNew
        ? '轮到您了：在客户的手机上按小程序的提示绑定，再让顾问按手机号添加他。'
        : `手机上不是${person.name}，或者他已经可以查询。`,
    }
  },
}

const second: Scene = {
  id: 'second',
  title: '第二位客户',
  hint: '再来一位，各看各的项目',
  tone: 'calm',
  play: async ({ stage, tell }) => {
    const first = stage.person()
    const person = await invite(nextGuest(stage))
    await stage.turn({ person: person.personId, guests: [...stage.kept.guests, person.personId] })
    tell.step(`${person.name}来了，手机号 ${person.phone}，有一个自己的项目`)
    const hers = await lookAs(await signIn(person))
    const his = first === undefined ? [] : await lookAs(await signIn(first))
    if (first) tell.step(`${first.name}打开项目：${list(his)}`)
    const shared = typeof his === 'string' ? [] : his.filter((orderNo) => hers.includes(orderNo))
    const isApart = shared.length === 0
    tell.step(`${person.name}打开项目：${list(hers)}`, isApart ? 'good' : 'bad')
    return {
      asMeant: isApart,
      text: isApart
        ? '两位客户的会话、绑定、项目互不相通：项目列表只由一条 SQL 证明权限后读出。顶上可以随时切换客户。'
        : `两位客户都看到了 ${list(shared)}。`,
    }
  },
}

const writeInOfficial = (personId: string, text: string): Promise<unknown> =>
  control(`/people/${encodeURIComponent(personId)}/official/send`, { text })

const official: Scene = {
  id: 'official',
  title: '只在公众号里发手机号',
  hint: '客户发手机号，顾问添加，其余自动完成',
  tone: 'calm',
  play: async ({ stage, phone, views, tell }) => {
    const person = await invite(nextGuest(stage), { unionid: true })
    await stage.turn({ person: person.personId, guests: [...stage.kept.guests, person.personId] })
    phone.show('official')
    await control(`/people/${encodeURIComponent(person.personId)}/official/follow`, {})
    await stage.act(() => writeInOfficial(person.personId, person.phone))
    tell.step(
      `${person.name}关注公众号，发来手机号。服务器记为线索（E6），48 小时内有效，并提醒顾问`,
    )
    await timeToRead(1200)
    views.show('wecom')
    const before = officialOf(stage).lines.length
    await stage.act(() => control(`/members/${stage.kept.member}/add`, { phone: person.phone }))
    tell.step('顾问按手机号搜索并添加：手机号成立（E5）；两边的 unionid 相同，就是同一个人（E3）')
    await until(() => mayQuery(stage, person))
    phone.show('official')
    const isAnnounced = (await untilTold(stage, before)).length > 0
    await timeToRead(1200)
    await stage.act(() => writeInOfficial(person.personId, '查询项目进度'))
    const answered = (await untilTold(stage, before)).some((text) =>
      text.includes(`${person.name}家`),
    )
    tell.step(
      `${isAnnounced ? '公众号主动告诉他绑定成功' : '公众号没有主动告诉他'}，${answered ? '一问就有进度' : '问了也没有答出他的项目'}`,
      isAnnounced && answered ? 'good' : 'bad',
    )
    return {
      asMeant: isAnnounced && answered,
      text: answered
        ? '公司把小程序、公众号和企业微信绑到同一个开放平台后，客户不用再做任何一步。没有 unionid 时，顾问的欢迎卡片点一下就行。'
        : '他可以查询了，但公众号没有答出他的项目。',
    }
  },
}

/** What the account said since then, once it has said something; nothing if it stays silent. */
const untilTold = (stage: Stage, before: number): Promise<string[]> =>
  until(async () => {
    await stage.refresh()
    const told = officialOf(stage)
      .lines.slice(before)
      .filter(({ from }) => from === 'account')
      .map(({ text }) => text)
    return told.length > 0 && told
  }).catch(() => [])

const ringsSince = async (at: number): Promise<Delivery[]> =>
  (await control<Delivery[]>('/callbacks')).filter((delivery) => delivery.at >= at)

/** How many messages of somebody the server has taken since then. */
const countHeard = ({ view }: Stage, { externalUserid }: Person, since: number): number =>
  (view?.timeline ?? []).filter(
    ({ at, key, externalUserId }) =>
      at >= since && key.startsWith('message-') && externalUserId === externalUserid,
  ).length

const faults: Scene = {
  id: 'faults',
  title: '回调丢失与重复',
  hint: '平台把同一个回调送两次，又把下一个弄丢',
  tone: 'fault',
  play: async ({ stage, phone, tell }) => {
    const person = stage.person()!
    const { personId, name } = person
    const began = Date.now()
    const heard = async (atLeast: number): Promise<boolean> => {
      await stage.refresh()
      return countHeard(stage, person, began) >= atLeast
    }
    const ask = (): Promise<void> => stage.act(() => writeInChat(personId, '进度'))
    phone.show('chat')
    await control('/faults', { clear: true })
    await control('/faults', { callbacks: { duplicate: 1 } })
    await ask()
    await until(() => heard(1))
    await pause(600)
    await stage.refresh()
    const once = countHeard(stage, person, began)
    tell.step(
      `重复：${name}发一句话，平台按铃 ${String((await ringsSince(began)).length)} 次，服务器处理 ${String(once)} 次`,
      once === 1 ? 'good' : 'bad',
    )
    const from = Date.now()
    await control('/faults', { callbacks: { duplicate: 0, drop: 1 } })
    await ask()
    await pause(800)
    await stage.refresh()
    const lost = (await ringsSince(from)).filter((ring) => ring.outcome === 'dropped').length
    tell.step(
      `丢失：他再发一句，${String(lost)} 次铃都丢了，服务器${countHeard(stage, person, from) === 0 ? '不知道有这条消息' : '自己去看时已经发现了'}`,
    )
    await control('/faults', { clear: true })
    await ask()
    await until(() => heard(3))
    await pause(600)
    await stage.refresh()
    const all = countHeard(stage, person, began)
    const isWhole = once === 1 && all === 3
    tell.step('恢复：下一次按铃时从游标接着拉，丢的那条也补上了', isWhole ? 'good' : 'bad')
    return {
      asMeant: isWhole,
      text: isWhole
        ? '三句话各收到一次，不多不少。回调只当门铃，内容按游标拉取；就算一直没有铃，服务器每分钟也会自己去看一次。'
        : `他说了 3 句话，服务器记下了 ${String(all)} 句。`,
    }
  },
}

export const SCENES: readonly Scene[] = [
  reset,
  second,
  official,
  stageMoves,
  booking,
  numberChanged,
  claim,
  proxy,
  faults,
]
