import { control, invite, office, type Person } from './api.ts'
import {
  findFreePhone,
  list,
  lookAs,
  mayQuery,
  nextGuest,
  signIn,
  type Cast,
  type Scene,
} from './cast.ts'
import { pause, timeToRead, until, type Stage } from './stage.ts'

type Guest = Person & { phone: string }
/** Whoever has the number next, and his session. */
type Next = { owner: Person; token: string; since: string }
type Play = Cast & {
  former: Guest
  advisor: string
  colleagues: readonly [string, string]
  nameOf: (userid: string) => string
}

/** An answer counts after ten seconds, and a job that is due is looked for every few. */
const EFFECT_S = 40
/** WeCom tells when somebody was added in whole seconds: what happens in the same second does not come after it. */
const WHOLE_SECOND_MS = 1_500

export const numberChanged: Scene = {
  id: 'number',
  title: '号码换人',
  hint: '客户换了号码，原来的号码归了别人：订单跟着人走',
  tone: 'calm',
  play: async (cast) => {
    const play = await beginWith(cast)
    const { own, token } = await meetFormer(play)
    const next = await giveUp(play)
    const orderNo = await loadForNext(play, next)
    await addNext(play, next, token)
    await answer(play, next, orderNo)
    const isRight = await bringBack(play, next, { own, orderNo })
    return {
      asMeant: isRight,
      text: isRight
        ? '订单属于人，号码只是找到他的办法。拿不准的订单先不给任何人看，问过同事再定；回答 10 秒后才生效，生效以后也只转走换人以后的订单。'
        : `${play.former.name}和${next.owner.name}最后看到的订单不对，请看上面最后一步。`,
    }
  },
}

async function beginWith(cast: Cast): Promise<Play> {
  const { stage } = cast
  const former = await invite(nextGuest(stage), { unionid: true })
  await stage.turn({ person: former.personId, guests: [...stage.kept.guests, former.personId] })
  const { members } = stage.view!
  const [first, next] = members.filter(({ userid }) => userid !== stage.kept.member)
  return {
    ...cast,
    former,
    advisor: stage.kept.member,
    colleagues: [first!.userid, next!.userid],
    nameOf: (userid) => members.find((one) => one.userid === userid)?.name ?? userid,
  }
}

const untilMayQuery = (stage: Stage, person: Person, seconds?: number): Promise<unknown> =>
  until(() => mayQuery(stage, person), seconds)

async function meetFormer({
  stage,
  phone,
  views,
  tell,
  former,
  advisor,
  nameOf,
}: Play): Promise<{ own: string[] | string; token: string }> {
  const token = await signIn(former)
  views.show('wecom')
  await stage.act(() => control(`/members/${advisor}/add`, { phone: former.phone }))
  await untilMayQuery(stage, former)
  const own = await lookAs(token)
  phone.openMini('pages/projects/projects')
  tell.step(
    `${former.name}的号码是 ${former.phone}，${nameOf(advisor)}按号码加了他，他看到自己的订单 ${list(own)}`,
  )
  await pause(WHOLE_SECOND_MS)
  return { own, token }
}

async function giveUp({ stage, tell, former }: Play): Promise<Next> {
  const since = new Date().toISOString()
  await control(`/people/${encodeURIComponent(former.personId)}/phone-change`, {})
  const owner = await control<Person>('/people', {
    name: nextGuest(stage),
    phone: former.phone,
    unionid: true,
  })
  const token = await signIn(owner)
  await stage.refresh()
  tell.step(`${former.name}不用这个号码了，微信照旧；运营商把号码给了${owner.name}。服务器还不知道`)
  return { owner, token, since }
}

async function loadForNext({ stage, tell, former }: Play, { owner }: Next): Promise<string> {
  const orderNo = `SO-${Date.now().toString(36).toUpperCase()}`
  const order = {
    title: `${owner.name}家 · 厨房翻新`,
    customerPhone: former.phone,
    customerName: owner.name,
    status: '设计中',
    order: { signedAt: new Date().toISOString() },
  }
  const { state } = await office.load(orderNo, order)
  await stage.refresh()
  if (state !== 'held') throw new Error(`订单 ${orderNo} 没有被扣下，而是 ${state}`)
  tell.step(
    `公司录入${owner.name}的订单 ${orderNo}。号码登记的是${former.name}，名字对不上：先不给任何人看`,
  )
  await timeToRead(1200)
  return orderNo
}

async function addNext(
  { stage, tell, former, colleagues: [colleague], nameOf }: Play,
  { owner, token }: Next,
  formerToken: string,
): Promise<void> {
  await stage.act(() => control(`/members/${colleague}/add`, { phone: former.phone }))
  await stage.turn({ person: owner.personId, guests: [...stage.kept.guests, owner.personId] })
  const [his, hers] = [await lookAs(formerToken), await lookAs(token)]
  tell.step(
    `${nameOf(colleague)}按号码加了${owner.name}：号码已经证明是${former.name}的，请人核实。${former.name}看到 ${list(his)}；${owner.name}：${list(hers)}`,
  )
  await timeToRead(1200)
}

async function answer(
  { stage, phone, views, tell, former, advisor, nameOf }: Play,
  { owner, token, since }: Next,
  orderNo: string,
): Promise<void> {
  const question = await until(async () => {
    await stage.refresh()
    return stage.view?.asked.find(({ orders }) =>
      orders?.some((order) => order.orderNo === orderNo),
    )
  })
  views.show('wecom')
  tell.step(`${nameOf(advisor)}被问：这个号码现在是谁的？两边的名字都在中间那一栏里`)
  const hand = { phone: former.phone, since, toExternalUserId: owner.externalUserid }
  const { moved, stay } = await office.handOver({ ...hand, reason: '演示台试算', dryRun: true })
  tell.step(
    `管理员先试算一次转手：会转走 ${list(moved)}，留给${former.name} ${list(stay)}；什么都没有改变`,
  )
  await timeToRead(1500)
  await stage.act(() =>
    office.answer(question.id, {
      member: advisor,
      answer: 'changed',
      since,
      toExternalUserId: owner.externalUserid,
    }),
  )
  tell.step(`${nameOf(advisor)}回答「号码换人了」。10 秒后生效，这期间可以撤回，订单仍然扣着`)
  await untilMayQuery(stage, owner, EFFECT_S)
  phone.openMini('pages/projects/projects')
  const seen = await lookAs(token)
  tell.step(
    `回答生效，号码转手。${owner.name}看到 ${list(seen)}`,
    seen.includes(orderNo) ? 'good' : 'bad',
  )
  await timeToRead(2500)
}

async function bringBack(
  { stage, phone, tell, former, colleagues: [, colleague], nameOf }: Play,
  { owner, token }: Next,
  { own, orderNo }: { own: string[] | string; orderNo: string },
): Promise<boolean> {
  const { phone: next } = await findFreePhone((free) =>
    control<Guest>(`/people/${encodeURIComponent(former.personId)}/phone-change`, { phone: free }),
  )
  await stage.act(() => control(`/members/${colleague}/add`, { phone: next }))
  await stage.turn({ person: former.personId })
  await untilMayQuery(stage, former)
  await timeToRead(1200)
  phone.openMini('pages/projects/projects')
  const [his, hers] = [await lookAs(await signIn(former)), await lookAs(token)]
  const isRight = list(his) === list(own) && list(hers) === orderNo
  tell.step(
    `${former.name}有了新号码 ${next}，${nameOf(colleague)}按它加了他：他的订单 ${list(his)} 还是他的，${owner.name}的他没有看到过`,
    isRight ? 'good' : 'bad',
  )
  return isRight
}
