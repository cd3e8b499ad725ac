import { createSessions } from '../../features/sessions/sessions.ts'
import { createAudit } from '../../features/audit/audit.ts'
import type { ContactsDeps } from '../../features/contacts/contacts.deps.ts'
import { contactEars, handleContactJobs } from '../../features/contacts/contacts.jobs.ts'
import { createContacts } from '../../features/contacts/contacts.ts'
import { createCustomers } from '../../features/customers/customers.ts'
import type { Fact } from '../../features/facts.ts'
import { createOwnership } from '../../features/ownership/ownership.ts'
import { createProjects } from '../../features/projects/projects.ts'
import { createOrderClaims } from '../../features/questions/order-claims.ts'
import { handleQuestionJobs } from '../../features/questions/questions.jobs.ts'
import { createQuestions } from '../../features/questions/questions.ts'
import { createRemedies } from '../../features/remedies/remedies.ts'
import { createSettings } from '../../features/settings/settings.ts'
import type { Db } from '../../lib/db.ts'
import { createFacts, joinEars } from '../../lib/facts.ts'
import type { Job, JobHandler, JobRun } from '../../lib/jobs.ts'
import { createLog } from '../../lib/log.ts'
import { createSecrets } from '../../lib/secrets.ts'
import type { Contact } from '../../outside/wecom/contacts.ts'

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
  const facts = createFacts<Fact>(jobs, joinEars<Fact>(contactEars))
  const audit = createAudit()
  const sessions = createSessions({ db, lifeHours: 24, clock })
  const settings = createSettings({ db, audit, facts, clock })
  const ownership = createOwnership({ settings })
  const customers = createCustomers({
    db,
    clock,
    secrets: createSecrets('numbers-secret-key-0123456789'),
    facts,
    sessions,
    ownership,
    settings,
    trustPhoneClaim: false,
    log,
  })
  const contacts = createContacts({ db, wecom: scriptWecom(platform), customers, jobs, clock, log })
  const projects = createProjects({ db, customers, ownership, settings, audit, timeZone, clock })
  const asking = { db, customers, ownership, audit, jobs, timeZone, clock, log }
  const questions = createQuestions(asking)
  const orderClaims = createOrderClaims(asking)
  const binding = { liftStop: () => Promise.resolve({ tries: 0, pauses: 0 }) }
  const remedies = createRemedies({ db, customers, contacts, binding, audit, clock })
  const handlers = new Map<string, JobHandler>()
  const handle = { handle: (name: string, handler: JobHandler) => void handlers.set(name, handler) }
  handleContactJobs(handle, contacts)
  handleQuestionJobs(handle, { questions, orderClaims })
  return {
    db,
    customers,
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
  }) as unknown as ContactsDeps['wecom']
