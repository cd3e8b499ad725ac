import { expect, test } from '@jest/globals'
import { readPhone } from '../../miniprogram/components/phone-form/phone-form.view.ts'
import { CLAIMED } from '../features/official-account/official-account.texts.ts'
import { createSecrets } from '../lib/secrets.ts'
import { generateSpellings, type Spelling } from '../test/spellings.ts'
import { ADMIN_KEY, OFFICIAL, SECRET_KEY, useTown } from '../test/town.ts'
import { waitFor } from '../test/wait.ts'

/** D8, D24: a phone is a phone and a code is a code at every door, or at none. */
const town = useTown(OFFICIAL)
const SEED = Number(process.env['SPELLINGS_SEED'] ?? 7)
const COUNT = 300
const AT_ONCE = 25

const secrets = createSecrets(SECRET_KEY)
const hashOfCode = (code: string): string => secrets.hmac('bind code', code).toString('base64')

/** What a door made of a text: the number it took, or null. */
type Verdict = string | null
type Spelled = Spelling & { place: number }

async function inBatches<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  for (let start = 0; start < items.length; start += AT_ONCE)
    done.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(act))))
  return done
}

/** The phones by which accounts were stated, and the hashes by which orders name them. */
async function readClaims() {
  const rows = await town()
    .db('temp_bindings')
    .select<{ openid: string; phone: string; hmac: Buffer }[]>({
      openid: 'wechat_openid',
      phone: 'phone_number',
      hmac: 'phone_hmac',
    })
  return {
    byOpenid: new Map(rows.map(({ openid, phone }) => [openid, phone])),
    byHmac: new Map(rows.map(({ hmac, phone }) => [hmac.toString('hex'), phone])),
  }
}

/** The chat of the kf account: answers the code that a message was taken for. */
async function sayInChat(spellings: readonly Spelled[]): Promise<Verdict[]> {
  const { people, control, db } = town()
  const chats = await inBatches(Array.from({ length: 10 }), () => people.arrive())
  const sent = await inBatches(spellings, ({ text, place }) =>
    control.post(`/_sandbox/people/${chats[place % chats.length]!.personId}/kf/send`, { text }),
  )
  const read = await waitFor('all messages to be read', async () => {
    const rows = await db('kf_messages')
      .where({ origin: 'customer' })
      .select<{ msgid: string; intent: { kind: string; hash?: string } }[]>('msgid', 'intent')
    return (
      rows.length === spellings.length && new Map(rows.map(({ msgid, intent }) => [msgid, intent]))
    )
  })
  return sent.map(({ body }, index) => {
    const intent = read.get((body as { msgid: string }).msgid)!
    const { digits } = spellings[index]!
    return intent.kind !== 'code'
      ? null
      : intent.hash === hashOfCode(digits)
        ? digits
        : 'another code'
  })
}

/** The official account, of a follower of his own each. */
async function writeToAccount(spellings: readonly Spelled[]): Promise<Verdict[]> {
  const followers = await inBatches(spellings, async ({ text }) => {
    const person = await town().people.arrive()
    return {
      openid: person.officialOpenid,
      isClaimed: (await person.writeOfficial(text)) === CLAIMED,
    }
  })
  const { byOpenid } = await readClaims()
  return followers.map(({ openid, isClaimed }) =>
    isClaimed ? (byOpenid.get(openid) ?? 'nothing') : (byOpenid.get(openid) ?? null),
  )
}

/** The form: what the page makes of it, and what the server does. */
async function fillIn(spellings: readonly Spelled[]): Promise<Verdict[]> {
  const { server, house } = town()
  const key = await house.access.createKey({ name: 'spellings', scope: 'service', expiresAt: null })
  const openids = await inBatches(spellings, async ({ text, place }) => {
    const wechatOpenid = `o-form-${String(place)}`
    const { status } = await server.post(
      '/api/binding/temp',
      { phoneNumber: text, wechatOpenid },
      key,
    )
    return { wechatOpenid, status }
  })
  const { byOpenid } = await readClaims()
  return openids.map(({ wechatOpenid, status }, index) => {
    const onPage = readPhone(spellings[index]!.text)
    const atServer =
      status === 200
        ? (byOpenid.get(wechatOpenid) ?? 'nothing')
        : status === 400
          ? null
          : String(status)
    return (onPage.ok ? onPage.phone : null) === atServer
      ? atServer
      : `${JSON.stringify(onPage)} on the page, ${String(atServer)} at the server`
  })
}

/** The remark of a member, as the pull of all contacts finds it. */
async function note(spellings: readonly Spelled[]): Promise<Verdict[]> {
  const { people, control, server, settle, db } = town()
  await settle()
  await control.post('/_sandbox/faults', { callbacks: { drop: 1 } })
  const contacts = await inBatches(spellings, async ({ text }) => {
    const { personId } = await people.arrive()
    return (await people.addPerson('zhangsan', { personId }, { remarkMobiles: [text] }))
      .externalUserid
  })
  expect((await server.post('/api/admin/reconciliations', undefined, ADMIN_KEY)).status).toBe(200)
  await settle()
  const rows = await db('contact_follows').select<{ id: string; phones: string[] | null }[]>({
    id: 'external_userid',
    phones: 'first_mobiles',
  })
  const noted = new Map(rows.map(({ id, phones }) => [id, phones]))
  return contacts.map((id) => (noted.has(id) ? (noted.get(id)?.join() ?? null) : 'not pulled'))
}

/** Loads of orders by the company's system; manual binding reads phones by the same schema. */
async function load(spellings: readonly Spelled[]): Promise<Verdict[]> {
  const { server, db } = town()
  const loaded = await inBatches(spellings, ({ text, place }) =>
    server.put(
      `/api/admin/projects/SPELL-${String(place)}`,
      { title: '全屋定制', customerPhone: text },
      ADMIN_KEY,
    ),
  )
  const { byHmac } = await readClaims()
  const rows = await db('project_parties as y')
    .join('projects as p', 'p.id', 'y.project_id')
    .select<{ orderNo: string; hmac: Buffer }[]>({ orderNo: 'p.order_no', hmac: 'y.phone_hmac' })
  const phones = new Map(
    rows.map(({ orderNo, hmac }) => [orderNo, byHmac.get(hmac.toString('hex'))]),
  )
  return loaded.map(({ status }, index) =>
    status === 200
      ? (phones.get(`SPELL-${String(spellings[index]!.place)}`) ?? 'another')
      : status === 400
        ? null
        : String(status),
  )
}

test(`of ${String(COUNT)} spellings of phones and codes all five doors make the same`, async () => {
  const spellings = generateSpellings(SEED, COUNT).map((spelling, place) => ({
    ...spelling,
    place,
  }))
  const began = Date.now()
  const form = await fillIn(spellings)
  const [official, admin, kf] = [
    await writeToAccount(spellings),
    await load(spellings),
    await sayInChat(spellings),
  ]
  const remark = await note(spellings)
  const count = (kind: Spelling['kind']): number =>
    spellings.filter((one) => one.kind === kind).length
  process.stdout.write(
    `    ${String(count('phone'))} phones, ${String(count('code'))} codes, ${String(count('neither'))} neither, seed ${String(SEED)}, ${String(Date.now() - began)} ms\n`,
  )
  const verdicts = spellings.map(({ text, kind, digits, place }) => {
    const [phone, code] = [kind === 'phone' ? digits : null, kind === 'code' ? digits : null]
    const made = {
      form: form[place],
      official: official[place],
      remark: remark[place],
      admin: admin[place],
      kf: kf[place],
    }
    return {
      text,
      made,
      expected: { form: phone, official: phone, remark: phone, admin: phone, kf: code },
    }
  })
  expect(
    verdicts.filter(({ made, expected }) => JSON.stringify(made) !== JSON.stringify(expected)),
  ).toEqual([])
}, 120_000)
