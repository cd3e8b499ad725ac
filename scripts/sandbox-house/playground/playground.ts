import { randomInt } from 'node:crypto'
import type { ProjectBody } from '../../../shared/api/projects.ts'
import type { Db } from '../../../server/lib/db.ts'
import type { Projects } from '../../../server/features/projects/projects.ts'
import type { Questions } from '../../../server/features/questions/questions.ts'
import { toDemoProjects } from './demo-projects.rules.ts'
import { createOffice, type OfficeDeps } from './office.ts'
import * as store from './playground.store.ts'
import type { Answer, SandboxControl } from './sandbox-control.ts'
import { readTimeline, type Sources } from './timeline.ts'

type Deps = {
  db: Db
  sandbox: SandboxControl
  projects: Pick<Projects, 'save'>
  questions: OfficeDeps['questions'] & Pick<Questions, 'listFor'>
  remedies: OfficeDeps['remedies']
  advisors: OfficeDeps['advisors']
  read: Sources['read']
  clock: () => Date
}
type Wanted = { person?: string; member?: string; since: number }
type Person = {
  personId: string
  name: string
  phone: string
  openid: string
  officialOpenid: string
  externalUserid: string
}

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
    readTimeline({ db, sandbox, read }, new Date(since)),
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

const TRIES = 50

async function invite(
  deps: Deps,
  { name, unionid }: { name: string; unionid: boolean },
): Promise<Answer> {
  for (let left = TRIES; ; left -= 1) {
    const phone = `1380013${String(randomInt(1000, 10_000))}`
    const answer = await deps.sandbox.send('POST', '/people', { name, phone, unionid })
    if (answer.status === 409 && left > 0) continue
    if (answer.status === 200) await load(deps, { name, phone })
    return answer
  }
}

async function load(
  { projects, clock }: Deps,
  { name, phone }: { name: string; phone: string },
): Promise<void> {
  for (const { orderNo, ...body } of toDemoProjects({ name, phone, now: clock() })) {
    await projects.save(orderNo, body satisfies ProjectBody, {
      operator: { name: 'playground', requestId: `playground-${phone}` },
    })
  }
}
