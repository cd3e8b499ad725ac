import { randomInt } from 'node:crypto'
import type { ProjectBody } from '../../../shared/api/projects.ts'
import type { Db } from '../../lib/db.ts'
import type { Projects } from '../projects/projects.ts'
import type { Questions } from '../questions/questions.ts'
import { toDemoProjects } from './demo-projects.rules.ts'
import { readNumbers } from './numbers.ts'
import { createOffice, type OfficeDeps } from './office.ts'
import * as rules from './playground.rules.ts'
import * as store from './playground.store.ts'
import type { Answer, SandboxControl } from './sandbox-control.ts'

type Deps = {
  db: Db
  sandbox: SandboxControl
  projects: Pick<Projects, 'save'>
  questions: OfficeDeps['questions'] & Pick<Questions, 'listFor'>
  remedies: OfficeDeps['remedies']
  /** A callback's XML in our words. */
  read: (payload: string) => Parameters<typeof rules.fromCallback>[0]['heard']
  clock: () => Date
}
export type Wanted = { person?: string; member?: string; since: number }
type Person = {
  personId: string
  name: string
  phone: string
  openid: string
  officialOpenid: string
  externalUserid: string
}

const MOST = 150

/** The playground's own room, in sandbox mode only: looks at the whole world and moves the people in it. */
export function createPlayground(deps: Deps) {
  return {
    /** Everything the page shows, in one answer. */
    look: (wanted: Wanted) => look(deps, wanted),
    /** A new customer with a project, whom nobody has seen yet; with a unionid if the company's apps share one. */
    invite: (guest: { name: string; unionid: boolean }) => invite(deps, guest),
    /** A call to the control API of the sandbox. */
    control: deps.sandbox.send,
    /** What people in the office do while a scene is played. */
    office: createOffice(deps),
  }
}
export type Playground = ReturnType<typeof createPlayground>

async function look({ db, sandbox, questions, read }: Deps, { person, member, since }: Wanted) {
  const get = async (path: string): Promise<unknown> => (await sandbox.send('GET', path)).body
  const ofPerson = async (path: string): Promise<unknown> =>
    person === undefined ? [] : get(`/people/${encodeURIComponent(person)}${path}`)
  const ofMember = async (path: string): Promise<unknown> =>
    member === undefined ? [] : get(`/members/${encodeURIComponent(member)}${path}`)
  const [
    people,
    members,
    faults,
    chat,
    session,
    official,
    inbox,
    memberInbox,
    customers,
    asked,
    timeline,
  ] = await Promise.all([
    get('/people'),
    get('/members'),
    get('/faults'),
    ofPerson('/kf/messages'),
    ofPerson('/kf/session'),
    ofPerson('/official'),
    ofPerson('/inbox'),
    ofMember('/inbox'),
    ofMember('/customers'),
    member === undefined ? [] : questions.listFor(member),
    readTimeline({ db, sandbox, read }, since),
  ])
  const standings = await store.pageStandings(
    db,
    (people as Person[]).map((one) => one.externalUserid),
  )
  return {
    people,
    members,
    faults,
    chat,
    session,
    official,
    inbox,
    memberInbox,
    customers,
    standings,
    asked,
    timeline,
  }
}

async function readTimeline(
  { db, sandbox, read }: Pick<Deps, 'db' | 'sandbox' | 'read'>,
  since: number,
): Promise<rules.Entry[]> {
  const after = new Date(since)
  const [
    callbacks,
    messages,
    signIns,
    claims,
    codes,
    attempts,
    tickets,
    evidence,
    decisions,
    follows,
    reviews,
    tries,
    notices,
    numbers,
    calls,
    deliveries,
  ] = await Promise.all([
    store.pageCallbacks(db, after),
    store.pageMessages(db, after),
    store.pageSignIns(db, after),
    store.pageClaims(db, after),
    store.pageCodes(db, after),
    store.pageAttempts(db, after),
    store.pageTickets(db, after),
    store.pageEvidence(db, after),
    store.pageDecisions(db, after),
    store.pageFollowEvents(db, after),
    store.pageReviews(db, after),
    store.pageWrongTries(db, after),
    store.pageNotices(db, after),
    readNumbers(db, after),
    sandbox.calls(),
    sandbox.deliveries(),
  ])
  return rules.toTimeline(
    [
      ...callbacks.map(({ payload, said, ...row }) =>
        said === null
          ? rules.fromCallback({ ...row, heard: hear(read, payload) })
          : rules.fromPush({ ...row, said }),
      ),
      ...messages.map(rules.fromMessage),
      ...signIns.map(rules.fromSignIn),
      ...claims.map(rules.fromClaim),
      ...codes.map(rules.fromCode),
      ...attempts.flatMap(rules.fromAttempt),
      ...tickets.flatMap(rules.fromTicket),
      ...evidence.flatMap((row) => rules.fromEvidence(row, since)),
      ...decisions.map(rules.fromDecision),
      ...follows.map(rules.fromFollowEvent),
      ...reviews.map(rules.fromReview),
      ...tries.map(rules.fromWrongTry),
      ...notices.map(rules.fromNotice),
      ...numbers,
      ...calls.map(rules.fromCall),
      ...deliveries.map(rules.fromDelivery),
    ],
    since,
    MOST,
  )
}

/** What cannot be read is shown as something that came. */
function hear(read: Deps['read'], payload: string): ReturnType<Deps['read']> {
  try {
    return read(payload)
  } catch {
    return { kind: 'other' }
  }
}

const TRIES = 50

async function invite(
  deps: Deps,
  { name, unionid }: { name: string; unionid: boolean },
): Promise<Answer> {
  for (let left = TRIES; ; left -= 1) {
    const phone = `1380013${String(randomInt(1000, 10_000))}`
    const answer = await deps.sandbox.send('POST', '/people', { name, phone, unionid })
    if (answer.status === 409 && left > 0) continue
    if (answer.status === 200) await load(deps, phone, name)
    return answer
  }
}

async function load({ projects, clock }: Deps, phone: string, name: string): Promise<void> {
  for (const { orderNo, ...body } of toDemoProjects({ name, phone, now: clock() })) {
    await projects.save(orderNo, body satisfies ProjectBody, {
      name: 'playground',
      requestId: `playground-${phone}`,
    })
  }
}
