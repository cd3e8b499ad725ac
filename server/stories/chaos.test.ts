import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSandbox, type Sandbox } from '../../scripts/sandbox/sandbox.ts'
import { createPeople, findDeny, findTicket, type Person } from '../../scripts/play/people.ts'
import { createHttp } from '../../scripts/play/requests.ts'
import { callingFrom, nextAddress } from '../test/addresses.ts'
import { testDatabase, type TestDatabase } from '../test/database.ts'
import { howMany } from '../test/long.ts'
import { spawnServer, type ServerProcess } from '../test/processes.ts'
import { ADMIN_KEY, townEnvironment } from '../test/town.ts'
import { jobsDone, seeded, waitFor } from '../test/wait.ts'
import { addJob, listJobs, runJobsNow } from '../test/job-desk.ts'

const CUSTOMERS = howMany(150, 500)
const AT_ONCE = 20
/** Nobody has got any further for so long: it hangs. A slow machine only takes longer. */
const STUCK_SECONDS = 40
const HANGS_MS = 600_000
const SEED = 20261121

/** So many customers do not sign in from one address; a proxy tells theirs. */
const addressOfSomebody = () => callingFrom(nextAddress())

let database: TestDatabase
let sandbox: Sandbox
let servers: ServerProcess[]
let mail: Awaited<ReturnType<typeof openMail>>
beforeAll(async () => {
  database = await testDatabase()
  sandbox = await createSandbox({ port: 0 })
  const env = {
    ...townEnvironment(sandbox.url, database.connectionString),
    TRUST_PROXY_HOPS: '1',
    LOG_LEVEL: 'info',
  }
  servers = [await spawnServer(env), await spawnServer(env)]
  mail = await openMail(servers.map(({ url }) => url))
  sandbox.setCallbackBase(mail.url)
})
afterAll(async () => {
  await Promise.all(servers.map((server) => server.kill()))
  await mail.close()
  await sandbox.stop()
})

/**
 * The way of the callbacks. The sandbox's `reorder` holds a callback until another one passes, so it cannot turn round all of
 * them; here each waits a moment for another one, and they go on in the opposite order, to the two processes in turn.
 */
async function openMail(targets: string[]) {
  type Letter = { url: string; type: string; body: Buffer; response: ServerResponse }
  let waiting: Letter[] = []
  let [sent, turned] = [0, 0]
  const deliver = async ({ url, type, body, response }: Letter): Promise<void> => {
    sent += 1
    const answer = await fetch(targets[sent % targets.length]! + url, {
      method: 'POST',
      headers: { 'content-type': type },
      body: new Uint8Array(body),
    })
    response.writeHead(answer.status).end(await answer.text())
  }
  let looks = 0
  const postman = setInterval(() => {
    if (waiting.length === 0 || (waiting.length === 1 && (looks += 1) < 5)) return
    looks = 0
    const letters = waiting.reverse()
    waiting = []
    if (letters.length > 1) turned += letters.length
    for (const letter of letters) deliver(letter).catch(() => letter.response.destroy())
  }, 100)
  const server = createServer((request, response) => {
    void buffer(request).then((body) =>
      waiting.push({
        url: request.url!,
        type: String(request.headers['content-type']),
        body,
        response,
      }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    sent: () => sent,
    /** Letters that went on in another order than they came. */
    turned: () => turned,
    close: () => {
      clearInterval(postman)
      server.closeAllConnections()
      return new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

const order = (name: string) => addJob(database.db, name, { key: name })

/** Days pass: what waits for an add to come into sight, whose deletion was lost, looks as often as it ever will. */
async function lookToTheEnd(): Promise<void> {
  await waitFor('the looks', async () => {
    await runJobsNow(database.db, 'contacts.look-again')
    return (
      (await listJobs(database.db).whereIn('name', ['contacts.look-again', 'contacts.take-change']))
        .length === 0
    )
  })
}

type Plan = {
  unionid: boolean
  proof: 'code' | 'link' | 'none'
  /** What he does with the card; a customer with a unionid gets none. */
  answer: 'tap' | 'deny' | 'ignore'
  add: 'search' | 'qr' | 'none'
  removed: boolean
  steps: ('signIn' | 'prove' | 'add' | 'remove')[]
}

function makePlan(random: () => number): Plan {
  const pick = <T>(...options: (readonly [number, T])[]): T => {
    let rest = random() * options.reduce((sum, [weight]) => sum + weight, 0)
    return options.find(([weight]) => (rest -= weight) < 0)![1]
  }
  const proof = pick([45, 'code' as const], [45, 'link' as const], [10, 'none' as const])
  const add = pick([65, 'search' as const], [15, 'qr' as const], [20, 'none' as const])
  const removed = add === 'search' && proof !== 'none' && random() < 0.15
  const own: Plan['steps'] = ['signIn', ...(proof === 'none' ? [] : ['prove' as const])]
  const members: Plan['steps'] = [
    ...(add === 'none' ? [] : ['add' as const]),
    ...(removed ? ['remove' as const] : []),
  ]
  const steps: Plan['steps'] = []
  while (own.length + members.length > 0)
    steps.push((random() * (own.length + members.length) < own.length ? own : members).shift()!)
  return {
    unionid: random() < 0.6,
    proof,
    answer: pick([80, 'tap' as const], [10, 'deny' as const], [10, 'ignore' as const]),
    add,
    removed,
    steps,
  }
}

/** Who is one person is known to the sandbox alone; what he did says whether the two sides may have learned it. */
const shouldBeBound = (plan: Plan): boolean =>
  plan.unionid
    ? plan.proof !== 'none' || plan.add !== 'none'
    : plan.proof !== 'none' && plan.answer === 'tap'

type Customer = { person: Person; plan: Plan; orderNo: string }

async function play(customer: Customer, members: ReturnType<typeof createPeople>): Promise<void> {
  const { person, plan } = customer
  for (const step of plan.steps) {
    news()
    if (step === 'signIn') await person.signIn()
    if (step === 'prove') await prove(customer)
    if (step === 'add')
      await members.add('zhangsan', person.phone, plan.add === 'qr' ? { addWay: 1 } : {})
    if (step === 'remove')
      await createHttp(sandbox.url).post('/_sandbox/members/zhangsan/remove', {
        phone: person.phone,
      })
  }
}

/** Waits while anybody gets on: each step of one is news for all. */
let lastNews = 0
const news = (): void => {
  lastNews = Date.now()
}
async function waitWhileMoving<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  while (Date.now() - lastNews < STUCK_SECONDS * 1_000) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(300)
  }
  throw new Error(`nobody got on for ${String(STUCK_SECONDS)} s; waited in vain for ${what}`)
}

async function prove({ person, plan }: Customer): Promise<void> {
  const { bindCode, kfUrl } = await person.code()
  await (plan.proof === 'code' ? person.say(bindCode) : person.enter(kfUrl))
  if (plan.unionid) return waitUntilTaken(person)
  let spoke = false
  const ticket = await waitWhileMoving('the card', async () => {
    const found = findTicket(await person.chat())
    // He does what the page says.
    if (found === undefined && !spoke && (await person.status()).reason === 'say_anything') {
      spoke = true
      await person.say('你好')
    }
    return found
  })
  if (plan.answer === 'tap') await waitWhileMoving('the tap', () => tap(person, ticket))
  if (plan.answer === 'deny') await person.tap(findDeny(await person.chat())!)
}

/** Taps; where the page says that it is busy, again. */
async function tap(person: Person, ticket: string): Promise<true | undefined> {
  const { status } = await person.openTicket(ticket)
  if (status === 503) return undefined
  expect(status).toBe(200)
  return true
}

/**
 * He looks at the page, as people do. Or on a slow machine more and more codes are on their way at once, until the server
 * takes them for guessing. His session may end meanwhile, with a permission that a member took away.
 */
const waitUntilTaken = (person: Person): Promise<void> =>
  waitWhileMoving('the page', async () => {
    const state = await person.status().then(
      (status) => status.state,
      () => 'signed out',
    )
    return state === 'code_live' ? undefined : state
  }).then(() => {})

async function forEach<T>(items: readonly T[], action: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of queue) await action(item)
    }),
  )
}

test(
  'with 10 % of the callbacks lost, 10 % doubled and all in another order, customers end as the sandbox knows them',
  async () => {
    const begin = Date.now()
    const control = createHttp(sandbox.url)
    await control.post('/_sandbox/settings', { tokenlessSyncPerMinute: 1_000 })
    await control.post('/_sandbox/faults', {
      seed: SEED,
      callbacks: { drop: 0.1, duplicate: 0.1, reorder: true },
    })
    const random = seeded(SEED)
    const crowds = servers.map(({ url }) =>
      createPeople({ server: createHttp(url, addressOfSomebody), control, adminKey: ADMIN_KEY }),
    )
    const customers: Customer[] = []
    const plans = Array.from({ length: CUSTOMERS }, () => makePlan(random))
    await forEach([...plans.entries()], async ([index, plan]) => {
      const crowd = crowds[index % 2]!
      const person = await crowd.arrive({ unionid: plan.unionid, name: `客户${String(index)}` })
      customers[index] = { person, plan, orderNo: `SO-${String(index)}` }
      await crowd.load(`SO-${String(index)}`, person.phone)
    })
    news()
    const arrived = Date.now()

    // The minute's look for rings that were lost, every three seconds: the test has no minutes to wait.
    const minutes = setInterval(() => void order('kf.catch-up'), 3_000)
    await forEach(customers, (customer) => play(customer, crowds[0]!))
    const played = Date.now()
    await sandbox.idle()
    await control.post('/_sandbox/faults', { callbacks: { drop: 0, duplicate: 0, reorder: false } })
    clearInterval(minutes)
    await order('kf.catch-up')
    await lookToTheEnd()
    await jobsDone(database.db, HANGS_MS / 1_000)
    // The nightly pull brings in what lost callbacks did not say; what is gone is believed gone when a second pull agrees.
    for (let night = 1; night <= 2; night += 1) {
      await order('contacts.reconcile')
      await jobsDone(database.db, HANGS_MS / 1_000)
    }
    const settled = Date.now()

    const deliveries = (await control.get('/_sandbox/callbacks')).body as { outcome: string }[]
    const lost = deliveries.filter(({ outcome }) => outcome === 'dropped').length
    expect(lost).toBeGreaterThan(CUSTOMERS / 20)
    expect(mail.turned()).toBeGreaterThan(mail.sent() / 2)
    expect(deliveries.filter(({ outcome }) => outcome === 'given up')).toEqual([])

    const wrong = await compare(customers)
    const took = [begin, arrived, played, settled, Date.now()]
      .map((at, index, all) => (index === 0 ? 0 : Math.round((at - all[index - 1]!) / 1_000)))
      .slice(1)
    process.stdout.write(
      `chaos: ${String(CUSTOMERS)} customers arrived, played, settled and were compared in ${took.join(' + ')} s; ` +
        `callbacks: ${String(lost)} of the last ${String(deliveries.length)} lost, ${String(mail.sent())} delivered, ${String(mail.turned())} out of order\n`,
    )
    expect(wrong).toEqual([])
    expect(
      servers.flatMap(({ lines }) => lines).filter((line) => line.includes('"level":"error"')),
    ).toEqual([])
  },
  HANGS_MS,
)

/** Everything in which the server and the sandbox differ. */
async function compare(customers: readonly Customer[]): Promise<string[]> {
  const control = createHttp(sandbox.url)
  const db = database.db
  const wrong: string[] = []
  const ties: { openid: string; external_userid: string }[] = await db('customer_accounts as t')
    .join('accounts as a', 'a.id', 't.account_id')
    .whereNull('t.ended_at')
    .select('a.openid', 't.external_userid')
  const projects = new Map(
    (await db('projects').select<{ id: string; order_no: string }[]>('id', 'order_no')).map(
      (row) => [row.order_no, row.id],
    ),
  )
  const places = new Map(customers.map((customer, index) => [customer, index]))
  await forEach(customers, async (customer) => {
    const { person, plan, orderNo } = customer
    const say = (what: string) => void wrong.push(`${orderNo} ${what}: ${JSON.stringify(plan)}`)
    const mine = ties
      .filter((tie) => tie.openid === person.openid)
      .map((tie) => tie.external_userid)
    const isBound = shouldBeBound(plan)
    if (JSON.stringify(mine) !== JSON.stringify(isBound ? [person.externalUserid] : []))
      say(`is tied to ${JSON.stringify(mine)}, he is ${person.externalUserid}`)
    const { follows } = (await control.get(`/_sandbox/people/${person.personId}`)).body as {
      follows: { addWay: number; remarkMobiles: string[] }[]
    }
    const mayQuery =
      isBound &&
      follows.some(
        ({ addWay, remarkMobiles }) => addWay === 2 && remarkMobiles.includes(person.phone),
      )
    // Who lost his permission lost his session with it.
    if (plan.removed) await person.signIn()
    if ((await person.me()).canQuery !== mayQuery) say(`may query: ${String(!mayQuery)}`)
    const list = await person.projects()
    const seen: unknown =
      list.status === 200
        ? list.body.data.items.map((item: { orderNo: string }) => item.orderNo)
        : list.status
    if (JSON.stringify(seen) !== JSON.stringify(mayQuery ? [orderNo] : 403))
      say(`sees ${JSON.stringify(seen)}`)
    const neighbour = customers[(places.get(customer)! + 1) % customers.length]!
    if ((await person.project(projects.get(neighbour.orderNo)!)).status === 200)
      say(`sees the project of ${neighbour.orderNo}`)
  })
  return wrong
}
