import type { ContactsDeps } from '../../features/contacts/contacts.deps.ts'
import { contactsRoom } from '../../features/contacts/contacts.room.ts'
import { createContacts } from '../../features/contacts/contacts.ts'
import type { Fact } from '../../features/facts.ts'
import { createProjects } from '../../features/projects/projects.ts'
import { createOrderClaims } from '../../features/questions/order-claims.ts'
import { questionsRoom } from '../../features/questions/questions.room.ts'
import { createQuestions } from '../../features/questions/questions.ts'
import { createRemedies } from '../../features/remedies/remedies.ts'
import type { Db } from '../../lib/db.ts'
import { createWhoIsWho } from '../../house/who-is-who.ts'
import { createFacts } from '../../lib/facts.ts'
import type { Job, JobRun } from '../../lib/jobs.ts'
import { createLog } from '../../lib/log.ts'
import { createSecrets } from '../../lib/secrets.ts'
import type { Contact } from '../../outside/wecom/contacts.entries.ts'

/** What WeCom answers. */
export type Platform = { findContact: (externalUserId: string) => Contact | null }
export type Rooms = ReturnType<typeof createNumberRooms>
type Deps = { db: Db; platform: Platform; queue: Job[]; clock: () => Date }

const RUN: JobRun = { attempt: 1, lastAttempt: false }
const timeZone = 'Asia/Shanghai'

/**
 * The rooms that decide whose an order is, on a real database and as one process has them; WeCom is scripted at the wire,
 * and jobs wait in `queue` until somebody does them, so that a simulated year needs no workers.
 */
export function createNumberRooms({ db, platform, queue, clock }: Deps) {
  const log = createLog({ level: 'silent' })
  const jobs = { add: (_: Db, added: readonly Job[]) => Promise.resolve(void queue.push(...added)) }
  const facts = createFacts<Fact>(jobs)
  const secrets = createSecrets('numbers-secret-key-0123456789')
  const given = { db, reads: db, clock, facts, log, secrets }
  const people = createWhoIsWho({ ...given, sessionHours: 24, trustPhoneClaim: false })
  const { audit, customers, erasures, evidence, ownership, reviews, settings, ties } = people
  const contacts = createContacts({
    db,
    platforms: scriptWecom(platform),
    customers,
    erasures,
    jobs,
    clock,
    log,
  })
  const projects = createProjects({
    db,
    reads: db,
    evidence,
    customers,
    ownership,
    settings,
    audit,
    facts,
    timeZone,
    clock,
  })
  const asking = {
    db,
    contacts,
    customers,
    ownership,
    reviews,
    audit,
    jobs,
    secrets,
    timeZone,
    clock,
    log,
  }
  const questions = createQuestions(asking)
  const orderClaims = createOrderClaims(asking)
  const bindCodes = { liftStop: () => Promise.resolve({ tries: 0, pauses: 0 }) }
  const remedies = createRemedies({
    db,
    evidence,
    ties,
    customers,
    contacts,
    bindCodes,
    audit,
    clock,
  })
  const handed = [contactsRoom(contacts), questionsRoom(questions, orderClaims)]
  const handlers = new Map(
    handed.flatMap((room) => room.handlers ?? []).map(({ name, handle }) => [name, handle]),
  )
  for (const { listeners } of handed) facts.listen(listeners ?? {})
  return {
    db,
    customers,
    evidence,
    contacts,
    projects,
    questions,
    orderClaims,
    ownership,
    remedies,
    doJob: async ({ name, payload }: Job): Promise<void> => handlers.get(name)?.(payload, RUN),
  }
}

const scriptWecom = ({ findContact }: Platform) =>
  ({
    contacts: {
      getContact: (externalUserId: string) => Promise.resolve(findContact(externalUserId)),
    },
    kf: {
      customers: (ids: readonly string[]) =>
        Promise.resolve({
          found: ids.map((externalUserId) => ({
            externalUserId,
            nickname: '昵称',
            unionid: `union-${externalUserId}`,
          })),
          invalid: [],
        }),
    },
  }) as unknown as ContactsDeps['platforms']
