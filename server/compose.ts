import { createServer } from 'node:http'
import { createAccess } from './features/access/access.ts'
import { createAccountRoutes } from './features/accounts/accounts.routes.ts'
import { accountSchedules, handleAccountJobs } from './features/accounts/accounts.jobs.ts'
import { createAccounts } from './features/accounts/accounts.ts'
import { createAudit } from './features/audit/audit.ts'
import { createBindCodeRoutes } from './features/bind-codes/bind-codes.routes.ts'
import { createBindCodes } from './features/bind-codes/bind-codes.ts'
import {
  bindingEars,
  bindingSchedules,
  handleBindingJobs,
} from './features/binding/binding.jobs.ts'
import { createBindingRoutes } from './features/binding/binding.routes.ts'
import { createBinding } from './features/binding/binding.ts'
import { createCallbacks } from './features/callbacks/callbacks.ts'
import { createCallbackRoutes } from './features/callbacks/callbacks.routes.ts'
import { callbackSchedules, handleCallbackJobs } from './features/callbacks/callbacks.jobs.ts'
import {
  contactEars,
  contactSchedules,
  handleContactJobs,
  hearContacts,
} from './features/contacts/contacts.jobs.ts'
import { createContactRoutes } from './features/contacts/contacts.routes.ts'
import { createContacts } from './features/contacts/contacts.ts'
import {
  carryOverJob,
  customerEars,
  customerSchedules,
  handleCustomerJobs,
} from './features/customers/customers.jobs.ts'
import { createCustomers } from './features/customers/customers.ts'
import type { Fact } from './features/facts.ts'
import { createKfLink } from './features/kf/kf-link.ts'
import { createKfServed } from './features/kf/kf-served.ts'
import { handleKfJobs, hearKf, kfEars, kfSchedules } from './features/kf/kf.jobs.ts'
import { createKf } from './features/kf/kf.ts'
import { createPlayground } from './features/playground/playground.ts'
import { createPlaygroundRoutes } from './features/playground/playground.routes.ts'
import { createSandboxControl } from './features/playground/sandbox-control.ts'
import {
  handleOfficialJobs,
  officialEars,
  officialSchedules,
} from './features/official-account/official-account.jobs.ts'
import { createOfficialRoutes } from './features/official-account/official-account.routes.ts'
import { createOfficialAccount } from './features/official-account/official-account.ts'
import { createOwnership } from './features/ownership/ownership.ts'
import { handleMemberJobs, hearMembers, memberSchedules } from './features/members/members.jobs.ts'
import { createMembers } from './features/members/members.ts'
import { createPhoneClaimRoutes } from './features/phone-claims/phone-claims.routes.ts'
import { createPhoneClaims } from './features/phone-claims/phone-claims.ts'
import { createProjectRoutes } from './features/projects/projects.routes.ts'
import { handleProjectJobs, projectEars } from './features/projects/projects.jobs.ts'
import { createProjects } from './features/projects/projects.ts'
import { createOrderClaims } from './features/questions/order-claims.ts'
import { handleQuestionJobs, questionSchedules } from './features/questions/questions.jobs.ts'
import { createQuestionRoutes } from './features/questions/questions.routes.ts'
import { createQuestions } from './features/questions/questions.ts'
import { createRemedyRoutes } from './features/remedies/remedies.routes.ts'
import { createRemedies } from './features/remedies/remedies.ts'
import { createSessions } from './features/sessions/sessions.ts'
import { createSettingsRoutes } from './features/settings/settings.routes.ts'
import { createSettings } from './features/settings/settings.ts'
import { handleWelcomeJobs, hearWelcome } from './features/welcome/welcome.jobs.ts'
import { createWelcome } from './features/welcome/welcome.ts'
import { createNotices } from './features/staff/notices.ts'
import { createStaffPages } from './features/staff/pages.routes.ts'
import { createStaffSignIn } from './features/staff/sign-in.ts'
import { handleStaffJobs, staffEars, staffSchedules } from './features/staff/staff.jobs.ts'
import { createStaffRoutes } from './features/staff/staff.routes.ts'
import { createStaff } from './features/staff/staff.ts'
import { createApp } from './http/app.ts'
import type { Authenticate } from './http/callers.ts'
import { createCookies } from './http/cookies.ts'
import { createLimits } from './http/limits.ts'
import { close, listen } from './http/listener.ts'
import { toOpenApi } from './http/openapi.ts'
import { createOps } from './http/ops.ts'
import { createPages } from './http/pages.ts'
import { readAsset } from './lib/assets.ts'
import type { Config } from './lib/config.ts'
import { createClockDoubts } from './lib/clock-doubts.ts'
import { createCron, cronSchedules, handleCronJobs } from './lib/cron.ts'
import { openDb } from './lib/db.ts'
import { createFacts, joinEars } from './lib/facts.ts'
import { createJobs } from './lib/jobs.ts'
import type { Log } from './lib/log.ts'
import { createSecrets } from './lib/secrets.ts'
import { createTokenStore } from './lib/token-store.ts'
import { createWecomCallback } from './outside/wecom/wecom.callback.ts'
import { readEvent } from './outside/wecom/wecom.event.ts'
import { createWecom } from './outside/wecom/wecom.ts'
import { createOfficialCallback } from './outside/weixin/official.callback.ts'
import { readPush } from './outside/weixin/official.push.ts'
import { createOfficial } from './outside/weixin/official.ts'
import { createWeixin } from './outside/weixin/weixin.ts'

const VERSION = '0.1.0'

type Options = {
  log: Log
  clock?: () => Date
  /** What the schedules go by; a test that moves its clock by days need not ring in each of them. */
  bells?: () => Date
}

/** The one architect: builds every room and tells each who its neighbours are. Starts nothing. */
export function createHouse(
  config: Config,
  { log, clock = () => new Date(), bells = clock }: Options,
) {
  const tools = createTools(config, log, clock)
  const outside = createOutside(config, tools)
  const rooms = createRooms(config, tools, outside)
  const cron = connect(config, { ...tools, bells }, rooms)
  const routes = [
    ...createAccountRoutes(rooms.accounts),
    ...createBindCodeRoutes(rooms.bindCodes),
    ...createBindingRoutes(rooms.binding),
    ...createPhoneClaimRoutes(rooms.claims),
    ...createProjectRoutes(rooms.projects),
    ...createRemedyRoutes(rooms.remedies),
    ...createQuestionRoutes({ questions: rooms.questions, claims: rooms.orderClaims }),
    ...createContactRoutes(rooms.contacts),
    ...createStaffRoutes(rooms.staffDesk),
    ...createSettingsRoutes(rooms.settings),
  ]
  const openApi = toOpenApi(routes, VERSION)
  const limits = createLimits({ clock })
  const app = createApp({
    routes,
    log,
    limits,
    proxies: config.proxies,
    platformRoutes: [
      ...createCallbackRoutes({
        callbacks: rooms.callbacks,
        clockDoubts: tools.clockDoubts,
        clock,
        log,
        ...createPipes(config),
      }),
      ...createOfficialDoor(config, tools, rooms),
    ],
    authenticate: createAuthenticate(rooms, clock),
    ops: openWindows(
      config,
      tools,
      rooms,
      createOps({ openApi, isReady: () => readiness(tools.db) }),
    ).use(createStaffPages({ ...rooms.staffDesk, limits }).routes()),
  })
  const handle = app.callback()
  const server = createServer((request, response) => void handle(request, response))
  return {
    access: rooms.access,
    openApi,
    /** Takes work and requests; answers the address it listens on. */
    start: async (): Promise<string> => {
      if (config.policy.trustPhoneClaim)
        log.warn(
          'BINDING_TRUST_PHONE_CLAIM is on: whoever states a phone first is bound to it when a member adds its owner (docs/security.md, G3)',
        )
      if (rooms.staffDesk.baseUrl === null)
        log.warn(
          'PUBLIC_BASE_URL is not set: members cannot sign in, and are not told of waiting customers',
        )
      await tools.jobs.add(tools.db, [carryOverJob])
      await tools.jobs.start()
      await cron.start()
      return listen(server, config.port, config.host)
    },
    /** Finishes what is under way and lets go of everything. */
    stop: async (): Promise<void> => {
      await close(server)
      await cron.stop()
      await tools.jobs.stop()
      await outside.close()
      await tools.db.destroy()
    },
  }
}
export type House = ReturnType<typeof createHouse>
type Tools = ReturnType<typeof createTools>
type Outside = ReturnType<typeof createOutside>
type Rooms = ReturnType<typeof createRooms>

function createTools(config: Config, log: Log, clock: () => Date) {
  const db = openDb(config.databaseUrl, {
    maxConnections: 10,
    prepare: config.databasePrepare,
    log,
  })
  const jobs = createJobs({ connectionString: config.databaseUrl, db, log })
  const facts = createFacts<Fact>(
    jobs,
    joinEars<Fact>(
      bindingEars,
      kfEars,
      contactEars,
      customerEars,
      projectEars,
      staffEars,
      config.official ? officialEars : {},
    ),
  )
  return {
    db,
    jobs,
    facts,
    secrets: createSecrets(config.secretKey),
    clockDoubts: createClockDoubts({ db, clock, log }),
    log,
    clock,
  }
}

function createOutside(config: Config, { db, log, clock }: Tools) {
  const tokens = createTokenStore({ db, clock, secretKey: config.secretKey, log })
  const wecom = createWecom({ ...config.wecom, tokens, log })
  const weixin = createWeixin({ ...config.weixin, tokens, log })
  const official =
    config.official &&
    createOfficial({ baseUrl: config.weixin.baseUrl, ...config.official, tokens, log })
  return {
    wecom,
    weixin,
    official,
    close: async () => {
      await Promise.all([wecom.close(), weixin.close(), official?.close()])
    },
  }
}

function createRooms(
  config: Config,
  { db, jobs, facts, secrets, log, clock }: Tools,
  { wecom, weixin, official }: Outside,
) {
  const { corpId, openKfId, serviceHours } = config.wecom
  const access = createAccess({ db, adminKey: config.adminKey, clock })
  const sessions = createSessions({ db, lifeHours: config.sessionHours, clock })
  const audit = createAudit()
  const settings = createSettings({ db, audit, facts, clock })
  const ownership = createOwnership({ settings })
  const customers = createCustomers({
    db,
    clock,
    secrets,
    facts,
    sessions,
    ownership,
    settings,
    trustPhoneClaim: config.policy.trustPhoneClaim,
    log,
  })
  const contacts = createContacts({ db, wecom, customers, jobs, clock, log })
  const members = createMembers({ db, platforms: wecom, facts, clock, log })
  const kfLink = createKfLink({ platforms: wecom, openKfId })
  const bindCodes = createBindCodes({
    db,
    secrets,
    customers,
    platforms: { kfLink },
    isServedByPeople: createKfServed({ db, openKfId, clock }),
    corpId,
    clock,
    log,
  })
  const binding = createBinding({
    db,
    secrets,
    facts,
    bindCodes,
    customers,
    contacts,
    openKfId,
    clock,
    log,
  })
  const accounts = createAccounts({
    db,
    platforms: { login: weixin.login, kfLink },
    sessions,
    customers,
    binding,
    corpId,
    clock,
    log,
  })
  const claims = createPhoneClaims({
    db,
    customers,
    accounts,
    facts,
    platforms: weixin,
    phoneButton: config.policy.phoneButton,
    clock,
    log,
  })
  const projects = createProjects({
    db,
    customers,
    ownership,
    settings,
    audit,
    timeZone: config.timeZone,
    clock,
  })
  const remedies = createRemedies({
    db,
    customers,
    contacts,
    binding: bindCodes,
    audit,
    clock,
  })
  const asking = { db, customers, ownership, audit, jobs, timeZone: config.timeZone, clock, log }
  const questions = createQuestions(asking)
  const orderClaims = createOrderClaims(asking)
  const kf = createKf({
    db,
    platforms: wecom,
    jobs,
    bindCodes,
    binding,
    customers,
    projects,
    clock,
    log,
    miniAppId: config.weixin.appId,
    openKfId,
    serviceHours,
  })
  const welcome = createWelcome({
    db,
    jobs,
    platforms: wecom,
    binding,
    customers,
    miniAppId: config.weixin.appId,
    readPicture: () => readAsset('welcome-card.png'),
    clock,
    log,
  })
  const callbacks = createCallbacks({
    db,
    jobs,
    read: readEvent,
    ears: [hearWelcome, hearContacts, hearKf, hearMembers],
    clock,
    log,
  })
  const officialAccount =
    official &&
    createOfficialAccount({
      db,
      platforms: { official },
      callbacks,
      jobs,
      accounts,
      claims,
      customers,
      projects,
      replyLimit: config.policy.officialReplyLimit,
      clock,
      log,
    })
  const staffDesk = createStaffDesk(config, { db, jobs, facts, secrets, log, clock }, wecom, {
    audit,
    contacts,
    customers,
    members,
    questions,
  })
  return {
    staffDesk,
    access,
    sessions,
    customers,
    contacts,
    members,
    bindCodes,
    binding,
    accounts,
    claims,
    projects,
    settings,
    remedies,
    questions,
    orderClaims,
    kf,
    welcome,
    callbacks,
    officialAccount,
  }
}

type Neighbours = Pick<Parameters<typeof createStaff>[0], 'audit' | 'contacts'> & {
  customers: ReturnType<typeof createCustomers>
  members: ReturnType<typeof createMembers>
  questions: ReturnType<typeof createQuestions>
}

/** What members of the company see and are told. Beside a sandbox the pages need no public address. */
function createStaffDesk(
  config: Config,
  { db, jobs, secrets, log, clock }: Omit<Tools, 'clockDoubts'>,
  wecom: Outside['wecom'],
  neighbours: Neighbours,
) {
  const { corpId, agentId, openKfId } = config.wecom
  const baseUrl =
    config.publicBaseUrl ??
    (config.kind === 'sandbox' ? `http://127.0.0.1:${String(config.port)}` : null)
  return {
    corpId,
    agentId,
    baseUrl,
    clock,
    log,
    timeZone: config.timeZone,
    questions: neighbours.questions,
    cookies: createCookies(baseUrl),
    staff: createStaff({
      db,
      ...neighbours,
      secrets,
      platforms: wecom,
      corpId,
      agentId,
      baseUrl,
      clock,
    }),
    signIn: createStaffSignIn({
      db,
      platforms: wecom,
      members: neighbours.members,
      secrets,
      baseUrl,
      clock,
    }),
    notices: createNotices({
      db,
      platforms: wecom,
      jobs,
      customers: neighbours.customers,
      questions: neighbours.questions,
      openKfId,
      ...config.staff,
      timeZone: config.timeZone,
      baseUrl,
      clock,
      log,
    }),
  }
}

/** Tells the rooms which jobs are theirs, and the clock what to order. */
function connect(
  config: Config,
  { db, jobs, log, clock, bells }: Tools & { bells: () => Date },
  rooms: Rooms,
) {
  handleCallbackJobs(jobs, rooms.callbacks)
  handleContactJobs(jobs, rooms.contacts)
  handleMemberJobs(jobs, rooms.members)
  handleBindingJobs(jobs, rooms)
  handleKfJobs(jobs, rooms.kf)
  handleAccountJobs(jobs, rooms.sessions)
  handleWelcomeJobs(jobs, rooms.welcome)
  handleCustomerJobs(jobs, rooms.customers)
  handleQuestionJobs(jobs, rooms)
  handleProjectJobs(jobs, rooms.projects)
  if (rooms.officialAccount) handleOfficialJobs(jobs, rooms.officialAccount)
  handleStaffJobs(jobs, rooms.staffDesk)
  handleCronJobs(jobs, db, clock)
  const schedules = [
    ...callbackSchedules,
    ...contactSchedules,
    ...customerSchedules,
    ...memberSchedules,
    ...bindingSchedules,
    ...kfSchedules,
    ...accountSchedules,
    ...staffSchedules,
    ...questionSchedules,
    ...cronSchedules,
    ...(rooms.officialAccount ? officialSchedules : []),
  ]
  return createCron({ db, jobs, timeZone: config.timeZone, clock: bells, log, schedules })
}

/** Either path takes every WeCom event; each tries its own pair first. */
function createPipes({ wecom: { corpId, contactCallback, kfCallback } }: Config) {
  return {
    contactPipe: createWecomCallback({ corpId, pairs: [contactCallback, kfCallback] }),
    kfPipe: createWecomCallback({ corpId, pairs: [kfCallback, contactCallback] }),
  }
}

/** The door of the official account, if the company has one. */
function createOfficialDoor(
  { official }: Config,
  { clock, clockDoubts, log }: Tools,
  { officialAccount }: Rooms,
) {
  return official && officialAccount
    ? createOfficialRoutes({
        officialAccount,
        pipe: createOfficialCallback(official),
        read: readPush,
        clockDoubts,
        clock,
        log,
      })
    : []
}

function createAuthenticate(
  { sessions, access, staffDesk: { cookies, baseUrl, signIn } }: Rooms,
  clock: () => Date,
): Authenticate {
  return {
    staff: {
      cookie: cookies.session,
      origin: baseUrl === null ? null : new URL(baseUrl).origin,
      find: async (token) => {
        const member = await signIn.find(token)
        return member && { kind: 'staff', ...member }
      },
      vouch: signIn.vouch,
    },
    customer: async (token) => {
      const caller = await sessions.find(token, clock())
      return caller && { kind: 'customer', ...caller }
    },
    key: access.findHolder,
  }
}

/** Beside a sandbox, the pages that show it: the mini-program's preview and the playground. */
function openWindows(
  config: Config,
  { db, clock }: Tools,
  { projects, questions, remedies }: Rooms,
  ops: ReturnType<typeof createOps>,
) {
  if (config.kind !== 'sandbox' || config.production) return ops
  const sandbox = createSandboxControl(config.weixin.baseUrl.replace(/\/weixin$/, ''))
  const playground = createPlayground({
    db,
    sandbox,
    projects,
    questions,
    remedies,
    read: readEvent,
    clock,
  })
  return ops.use(createPages().routes(), createPlaygroundRoutes(playground).routes())
}

async function readiness(db: ReturnType<typeof openDb>) {
  try {
    await db.raw('select 1')
    return { ready: true }
  } catch {
    return { ready: false, reason: 'the database does not answer' }
  }
}
