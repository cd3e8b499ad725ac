import { beforeEach, expect, test } from '@jest/globals'
import { toPng } from '../test/pictures.ts'
import { callingFrom, nextAddress } from '../test/addresses.ts'
import { memberBrowsers } from '../test/member-browser.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const HOME = 'https://staff.example.com'
const town = useTown({ PUBLIC_BASE_URL: HOME, STAFF_QUIET_HOURS: 'off' })
const { signedIn } = memberBrowsers(town, HOME)

const VIEWERS = ['viewer', 'operator', 'admin', 'member with a role']
const OPERATORS = ['operator', 'admin']
/** Who passes: said here once more, by hand. The member with a role is a viewer. */
const PASSES = {
  customer: ['customer'],
  staff: ['member', 'member with a role'],
  viewer: VIEWERS,
  operator: OPERATORS,
  admin: ['admin'],
  service: ['service'],
  viewerOrService: [...VIEWERS, 'service'],
  operatorOrService: [...OPERATORS, 'service'],
  customerOrViewer: ['customer', ...VIEWERS],
  customerOrService: ['customer', ...OPERATORS, 'service'],
}
type Door = {
  who: keyof typeof PASSES | 'public'
  /** What a sound request about something that is not there is answered with. */
  sound: number
  body?: object
  /** A file in a form. */
  file?: Blob
  query?: string
}

const REASON = { reason: '客户来电' }
const NOBODY = 'wmNobody0000'
const PHONE = '13900000000'
const STATED = '13900000001'
const PICTURE = new Blob([new Uint8Array(await toPng())])
const ANSWER = { answer: 'unknown', ...REASON }
const HAND = { phone: PHONE, since: '2026-01-01T00:00:00Z', dryRun: true, ...REASON }
const BIND = {
  customerPhone: PHONE,
  wechatOpenid: 'oNobody000',
  weworkUserid: NOBODY,
  operatorUserid: 'zhangsan',
  ...REASON,
}

/** Every route of the document that answers in the envelope; one that is missing here fails the test. */
const DOORS: Record<string, Door> = {
  'POST /api/wechat/openid': { who: 'public', sound: 400, body: { code: 'of-nobody' } },
  'GET /api/me': { who: 'customer', sound: 200 },
  'POST /api/binding/code': { who: 'customer', sound: 200 },
  'GET /api/binding/status': { who: 'customer', sound: 200 },
  'POST /api/binding/ticket': { who: 'customer', sound: 404, body: { ticket: 'of-nobody' } },
  'POST /api/binding/ticket/look': { who: 'customer', sound: 404, body: { ticket: 'of-nobody' } },
  'DELETE /api/binding': { who: 'customer', sound: 409 },
  'POST /api/binding/temp': { who: 'customerOrService', sound: 200, body: { phoneNumber: STATED } },
  'POST /api/binding/phone-button': { who: 'customer', sound: 404, body: { code: 'of-nobody' } },
  'GET /api/customer/binding-status/{phone}': { who: 'customerOrViewer', sound: 404 },
  'GET /api/customer/can-query/{phone}': { who: 'customerOrViewer', sound: 404 },
  'GET /api/projects/my': { who: 'customer', sound: 403 },
  'GET /api/projects': { who: 'customer', sound: 403 },
  'GET /api/projects/{id}': { who: 'customer', sound: 404 },
  'POST /api/projects/claim': { who: 'customer', sound: 403, body: { orderNo: 'SO-NOBODY' } },
  'POST /api/projects/ask-advisor': { who: 'customer', sound: 403 },
  'GET /api/admin/me': { who: 'viewerOrService', sound: 200 },
  'GET /api/admin/projects': { who: 'viewerOrService', sound: 200 },
  'GET /api/admin/projects/{orderNo}': { who: 'viewerOrService', sound: 404 },
  'PUT /api/admin/projects/{orderNo}': {
    who: 'operatorOrService',
    sound: 200,
    body: { title: '样板间', customerPhone: STATED },
  },
  // The order is there by then: the door before this one has loaded it.
  'DELETE /api/admin/projects/{orderNo}': { who: 'operator', sound: 200, body: REASON },
  'POST /api/admin/projects/{orderNo}/show': { who: 'operator', sound: 200, body: REASON },
  'GET /api/rights/requests': { who: 'customer', sound: 200 },
  'POST /api/rights/requests': { who: 'customer', sound: 200, body: { kind: 'export' } },
  'GET /api/admin/rights': { who: 'viewer', sound: 200 },
  'GET /api/admin/rights/{id}/export': { who: 'admin', sound: 404 },
  'POST /api/admin/rights/{id}/erase': { who: 'admin', sound: 404, body: REASON },
  'POST /api/admin/rights/{id}/decline': { who: 'admin', sound: 404, body: REASON },
  'GET /api/admin/customers/{id}/export': { who: 'admin', sound: 404 },
  'POST /api/admin/customers/{id}/erase': { who: 'admin', sound: 404, body: REASON },
  'POST /api/admin/imports': {
    who: 'operatorOrService',
    sound: 200,
    query: 'dryRun=true',
    body: { orderNo: 'SO-FILE', title: '样板间', customerPhone: STATED },
  },
  'GET /api/advisors': { who: 'customer', sound: 200 },
  'GET /api/advisors/{advisorId}': { who: 'customer', sound: 404 },
  'GET /api/advisor/me': { who: 'customer', sound: 403 },
  'POST /api/advisor/join/look': { who: 'customer', sound: 404, body: { invite: 'of-nobody' } },
  'POST /api/advisor/join': { who: 'customer', sound: 404, body: { invite: 'of-nobody' } },
  'POST /api/advisor/subscribe': {
    who: 'customer',
    sound: 403,
    body: { advisorId: 'nobody', templateId: 'tpl-nobody', subscribed: true },
  },
  'GET /api/admin/advisors': { who: 'viewer', sound: 200 },
  'GET /api/admin/advisors/{advisorId}': { who: 'viewer', sound: 404 },
  'PUT /api/admin/advisors/{advisorId}': {
    who: 'operator',
    sound: 200,
    body: { name: '张三', active: false },
  },
  // He is there by then, and not for customers: the door before has loaded him.
  'POST /api/admin/advisors/{advisorId}/invite': { who: 'operator', sound: 409 },
  'DELETE /api/admin/advisors/{advisorId}/account': { who: 'operator', sound: 200, body: REASON },
  'POST /api/media': { who: 'customer', sound: 200, file: PICTURE },
  'POST /api/staff/media': { who: 'staff', sound: 200, file: PICTURE },
  'POST /api/admin/media': { who: 'operator', sound: 200, file: PICTURE },
  'GET /api/admin/imports': { who: 'viewerOrService', sound: 200 },
  'GET /api/admin/imports/{id}': { who: 'viewerOrService', sound: 404 },
  'GET /api/admin/imports/{id}/rejected': { who: 'operatorOrService', sound: 404 },
  'POST /api/admin/imports/{id}/stop': { who: 'operatorOrService', sound: 404, body: REASON },
  'POST /api/admin/customers/search': { who: 'viewer', sound: 200, body: { q: 'SO-NOBODY' } },
  'GET /api/admin/customers': { who: 'viewer', sound: 200, query: `phone=${PHONE}` },
  'GET /api/admin/customers/{id}': { who: 'viewer', sound: 404 },
  'POST /api/admin/customers/{id}/unbind': { who: 'operator', sound: 404, body: REASON },
  'POST /api/admin/customers/{id}/resume': { who: 'operator', sound: 404, body: REASON },
  'POST /api/admin/customers/{id}/phone': {
    who: 'admin',
    sound: 404,
    body: { phone: PHONE, ...REASON },
  },
  'POST /api/admin/contacts/{externalUserId}/lift-code-stop': {
    who: 'operator',
    sound: 404,
    body: REASON,
  },
  'POST /api/admin/members/{userid}/hand-over': {
    who: 'operator',
    sound: 404,
    body: { to: 'nobody-else', ...REASON },
  },
  'POST /api/wework/manual-bind': { who: 'admin', sound: 404, body: BIND },
  'POST /api/admin/phones/hand-over': { who: 'admin', sound: 404, body: HAND },
  'GET /api/admin/jobs': { who: 'viewer', sound: 200 },
  'POST /api/admin/jobs/{id}/retry': { who: 'operator', sound: 404, body: REASON },
  'POST /api/admin/jobs/{id}/dismiss': { who: 'operator', sound: 404, body: REASON },
  'GET /api/admin/callbacks': { who: 'viewer', sound: 200 },
  'GET /api/admin/events': { who: 'viewer', sound: 200 },
  'GET /api/admin/questions': { who: 'viewer', sound: 200 },
  'POST /api/admin/questions/{id}/answer': { who: 'operator', sound: 404, body: ANSWER },
  'POST /api/admin/questions/{id}/take-back': { who: 'operator', sound: 404 },
  'GET /api/admin/reviews': { who: 'viewer', sound: 200 },
  'POST /api/admin/reviews/{id}/close': { who: 'operator', sound: 404, body: REASON },
  'GET /api/admin/reconciliations': { who: 'viewer', sound: 200 },
  'POST /api/admin/reconciliations': { who: 'operator', sound: 200 },
  'POST /api/customer/action': {
    who: 'customer',
    sound: 404,
    body: { advisorId: 'nobody', actionType: 'view_resume' },
  },
  'GET /api/bookings/my': { who: 'customer', sound: 200 },
  'POST /api/bookings/{id}/cancel': { who: 'customer', sound: 404 },
  'GET /api/advisor/actions': { who: 'customer', sound: 403 },
  'GET /api/advisor/leads': { who: 'customer', sound: 403 },
  'GET /api/advisor/leads/{id}': { who: 'customer', sound: 403 },
  'POST /api/advisor/leads/{id}': { who: 'customer', sound: 403, body: { state: '跟进中' } },
  'POST /api/advisor/leads/{id}/reveal': { who: 'customer', sound: 403 },
  'GET /api/advisor/customers/{id}': { who: 'customer', sound: 403 },
  'GET /api/advisor/bookings': { who: 'customer', sound: 403 },
  'POST /api/advisor/bookings/{id}': {
    who: 'customer',
    sound: 403,
    body: { state: 'confirmed' },
  },
  'GET /api/notices/templates': { who: 'customer', sound: 200 },
  'POST /api/notices/consents': {
    who: 'customer',
    sound: 200,
    body: { results: { 'tpl-nobody': 'accept' } },
  },
  'POST /api/message/send': {
    who: 'service',
    sound: 400,
    body: { touser: 'oNobody000', template_id: 'tpl-nobody', data: { thing1: { value: '样板' } } },
  },
  'GET /api/admin/settings': { who: 'viewer', sound: 200 },
  'PUT /api/admin/settings': { who: 'admin', sound: 200, body: { freshDays: 30 } },
  'GET /api/admin/keys': { who: 'admin', sound: 200 },
  'POST /api/admin/keys': { who: 'admin', sound: 200, body: { name: 'ERP', scope: 'service' } },
  'DELETE /api/admin/keys/{id}': { who: 'admin', sound: 404 },
  'GET /api/admin/roles': { who: 'admin', sound: 200 },
  'PUT /api/admin/roles/{userid}': { who: 'admin', sound: 404, body: { role: 'viewer' } },
  'GET /api/admin/operations': { who: 'viewer', sound: 200 },
  'GET /api/staff/me': { who: 'staff', sound: 200 },
  'GET /api/staff/pending-customers': { who: 'staff', sound: 200 },
  'POST /api/staff/pending-customers/{id}/reveal': { who: 'staff', sound: 404 },
  'GET /api/staff/phone-missing': { who: 'staff', sound: 200 },
  'POST /api/staff/reviews/{id}/confirm': { who: 'staff', sound: 404, body: { choice: 'none' } },
  'POST /api/staff/reviews/{id}/take-back': { who: 'staff', sound: 404 },
  'GET /api/staff/unstated-customers': { who: 'staff', sound: 200 },
  'GET /api/staff/added-otherwise': { who: 'staff', sound: 200 },
  'POST /api/staff/added-otherwise/{id}/submit': { who: 'staff', sound: 404 },
  'GET /api/staff/leads': { who: 'staff', sound: 403 },
  'GET /api/staff/actions': { who: 'staff', sound: 403 },
  'GET /api/staff/bookings': { who: 'staff', sound: 403 },
  'POST /api/staff/leads/{id}': { who: 'staff', sound: 403, body: { state: '跟进中' } },
  'POST /api/staff/leads/{id}/reveal': { who: 'staff', sound: 403 },
  'POST /api/staff/bookings/{id}': { who: 'staff', sound: 403, body: { state: 'confirmed' } },
  'GET /api/staff/questions': { who: 'staff', sound: 200 },
  'POST /api/staff/questions/{id}/answer': {
    who: 'staff',
    sound: 404,
    body: { answer: 'unknown' },
  },
  'POST /api/staff/questions/{id}/take-back': { who: 'staff', sound: 404 },
  'GET /api/wecom/jssdk-signature': {
    who: 'staff',
    sound: 403,
    query: `url=${encodeURIComponent('https://elsewhere.example/')}`,
  },
  'POST /api/staff/sign-out': { who: 'staff', sound: 200 },
}
/** What nobody has, by the name of the parameter. */
const NOTHING: Record<string, string> = {
  advisorId: 'nobody',
  id: '999999',
  orderNo: 'SO-NOBODY',
  userid: 'nobody',
  externalUserId: NOBODY,
  phone: PHONE,
}
const IDS_OF_CHANCE = /^\/api\/(?:(?:advisor|staff)\/(?:leads|customers|bookings)|bookings)\//
const addressOf = (path: string, unsound = false): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (unsound) return '!'
    if (IDS_OF_CHANCE.test(path)) return '00000000-0000-4000-8000-000000000000'
    return path.includes('/jobs/') ? 'lane-999999' : NOTHING[name]!
  })

type Who = Record<string, string>
type Parameter = { in: string; name: string }
type Operation = {
  tags: string[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, object> }
}

/** The routes of the document that answer in the envelope. */
function listRoutes() {
  const { paths } = town().house.openApi as { paths: Record<string, Record<string, Operation>> }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => !['platforms', 'pages'].includes(tags[0]!))
      .map(([method, operation]) => {
        const name = `${method.toUpperCase()} ${path}`
        return { name, method: method.toUpperCase(), path, operation, door: DOORS[name]! }
      }),
  )
}
type Route = ReturnType<typeof listRoutes>[number]
type Asking = { headers?: Who; body?: unknown; path?: string }

function formOf(file: Blob): FormData {
  const form = new FormData()
  form.append('file', file, 'picture.png')
  return form
}

async function ask({ method, path, door }: Route, asking: Asking = {}) {
  const { headers, body = door.body } = asking
  const query = door.query === undefined ? '' : `?${door.query}`
  const response = await fetch(`${town().address}${asking.path ?? `${addressOf(path)}${query}`}`, {
    method,
    headers: {
      ...callingFrom(nextAddress()),
      'x-staff-page': '1',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(body === undefined && door.file && { body: formOf(door.file) }),
  })
  const answer = (await response.json()) as { error?: { code: string } }
  if (!response.ok) expectEnvelope(answer)
  return { status: response.status, code: answer.error?.code ?? '' }
}

const expectEnvelope = (answer: object): void =>
  expect(answer).toEqual({
    success: false,
    error: { code: expect.stringMatching(/^[a-z-]+\.[a-z_]+$/) },
    message: expect.stringMatching(/^[^{}]*[\u4e00-\u9fff][^{}]*$/),
    timestamp: expect.any(Number),
    requestId: expect.any(String),
  })

const bearer = (token: string): Who => ({ authorization: `Bearer ${token}` })

async function keyOf(scope: string): Promise<Who> {
  const body = { name: scope, scope }
  return bearer((await town().server.post('/api/admin/keys', body, ADMIN_KEY)).body.data.key)
}

async function memberWith(userid: string): Promise<Who> {
  const { cookies } = await signedIn(userid)
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return { cookie }
}

let callers: Record<string, Who>
beforeEach(async () => {
  const { people, server } = town()
  const customer = await people.arrive()
  await customer.signIn()
  const role = { role: 'viewer', reason: '客服主管' }
  await server.put('/api/admin/roles/lisi', role, ADMIN_KEY)
  callers = {
    customer: bearer(customer.token),
    member: await memberWith('zhangsan'),
    'member with a role': await memberWith('lisi'),
    viewer: await keyOf('viewer'),
    operator: await keyOf('operator'),
    admin: await keyOf('admin'),
    service: await keyOf('service'),
  }
})
const passing = ({ door }: Route): readonly string[] =>
  door.who === 'public' ? ['nobody'] : PASSES[door.who]
/** Some of those who may pass. */
const headersOf = (route: Route): Who => callers[passing(route)[0]!] ?? {}
/** Who reads first finds nothing that another door has written; a sign-out ends what the others come in with. */
const inOrder = (routes: Route[]): Route[] => {
  const rank = ({ method, path }: Route) =>
    method === 'GET' ? 0 : path.endsWith('sign-out') ? 2 : 1
  return routes.sort((one, other) => rank(one) - rank(other))
}

test('every door is in the table, and the table has no other', () => {
  expect(
    listRoutes()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(Object.keys(DOORS).sort())
})

test('who comes with nothing, or with what opens nothing, is 401', async () => {
  for (const route of listRoutes()) {
    if (route.door.who === 'public') continue
    for (const headers of [{}, bearer('x'.repeat(43))])
      expect([route.name, (await ask(route, { headers })).status]).toEqual([route.name, 401])
  }
})

const SHUT =
  /^(?:key|session|role)\.forbidden$|^(?:key|session|staff\.session)[._](?:missing|invalid)$/

test('each door is open to those who need it, and to nobody else', async () => {
  for (const route of inOrder(listRoutes())) {
    if (route.door.who === 'public') continue
    const entered: string[] = []
    for (const [caller, headers] of Object.entries(callers)) {
      const { status, code } = await ask(route, { headers, ...(route.door.body && { body: {} }) })
      if (!SHUT.test(code)) entered.push(caller)
      // A member without a role is nobody at the doors of others: his cookie is for his own.
      else
        expect([route.name, caller, status]).toEqual([
          route.name,
          caller,
          caller === 'member' ? 401 : 403,
        ])
    }
    expect([route.name, entered.sort()]).toEqual([route.name, [...passing(route)].sort()])
  }
})

/** Requests that no route may take, each with why. */
function toUnsound({ path, operation, door }: Route): [what: string, asking: Asking][] {
  const at = addressOf(path)
  const isLenient = ['public', 'customer', 'customerOrService'].includes(door.who)
  const parameters = operation.parameters ?? []
  const has = (place: string, name?: string) =>
    parameters.some((one) => one.in === place && (name === undefined || one.name === name))
  const isFile = ['text/csv', 'multipart/form-data'].some(
    (type) => operation.requestBody?.content[type] !== undefined,
  )
  return [
    ...(isFile ? ([['an empty file', { body: '' }]] as [string, Asking][]) : []),
    ...(operation.requestBody && !isFile
      ? ([
          ['broken JSON', { body: '{' }],
          ['a list', { body: [1] }],
          ['other fields', { body: { nonsense: 1 } }],
          ['NUL', { body: { ...door.body, reason: '\u0000' } }],
          ...(isLenient ? [] : [['one field more', { body: { ...door.body, nonsense: 1 } }]]),
        ] as [string, Asking][])
      : []),
    ...(has('query', 'limit') ? [['limit', { path: `${at}?limit=x` }] as [string, Asking]] : []),
    ...(has('query', 'cursor') ? [['cursor', { path: `${at}?cursor=!` }] as [string, Asking]] : []),
    ...(has('query') && !isLenient
      ? [['unknown query', { path: `${at}?${door.query ?? ''}&nonsense=1` }] as [string, Asking]]
      : []),
    // The id of a customer's project is whatever it is: what is no id is nobody's.
    ...(has('path') && path !== '/api/projects/{id}'
      ? [['a bad path', { path: addressOf(path, true) }] as [string, Asking]]
      : []),
  ]
}

test('what is not sound is 400, wherever it stands', async () => {
  for (const route of listRoutes())
    for (const [what, asking] of toUnsound(route)) {
      const { status } = await ask(route, { headers: headersOf(route), ...asking })
      expect([route.name, what, status]).toEqual([route.name, what, 400])
    }
})

test('a sound request about what is not there is 404, or what its route names', async () => {
  for (const route of inOrder(listRoutes())) {
    const { status } = await ask(route, { headers: headersOf(route) })
    expect([route.name, status]).toEqual([route.name, route.door.sound])
  }
})
