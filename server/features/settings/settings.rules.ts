import type { Settings, SettingsBody } from '../../../shared/api/settings.ts'
import { NOTICES } from '../../../shared/notices.ts'

/** What holds where the company has not decided; cost, margin and notes of an order are not among what customers see. */
export const DEFAULTS: Settings = {
  statusWords: {
    running: [
      '进行中',
      '施工中',
      '设计中',
      '生产中',
      '安装中',
      'in_progress',
      'in progress',
      'running',
      'active',
      'ongoing',
    ],
    finished: [
      '已完成',
      '已完工',
      '已竣工',
      '完成',
      '完工',
      '竣工',
      '已验收',
      '已交付',
      '交付',
      '已交房',
      '已结束',
      '结束',
      '已归档',
      '归档',
      '已取消',
      '已作废',
      'finished',
      'done',
      'completed',
      'closed',
      'archived',
      'delivered',
      'accepted',
      'cancelled',
      'canceled',
    ],
  },
  orderFields: [
    { key: 'amount', label: '合同金额', kind: 'money' },
    { key: 'signedAt', label: '签约日期', kind: 'date' },
  ],
  freshDays: 90,
  goLiveAt: null,
  orderNoDatePattern: null,
  noticeTemplates: { stage: null, newCustomer: null, booking: null, bookingState: null },
  noticeQuietHours: '21:00-08:00',
}

const ADVISOR_FIELDS = { thing1: 'action', time2: 'at', thing3: 'customer', thing7: 'note' }

/** The same beside a sandbox, whose mini-program has these templates; there nobody sleeps. */
export const SANDBOX_DEFAULTS: Settings = {
  ...DEFAULTS,
  noticeTemplates: {
    stage: {
      templateId: 'tpl-stage',
      title: NOTICES.stage.title,
      page: 'pages/project-detail/project-detail',
      fields: { thing1: 'project', thing2: 'stage', time3: 'at', thing4: 'note' },
    },
    newCustomer: {
      templateId: 'tpl-new-customer',
      title: NOTICES.newCustomer.title,
      page: 'pages/customer/detail',
      fields: ADVISOR_FIELDS,
    },
    booking: {
      templateId: 'tpl-booking',
      title: NOTICES.booking.title,
      page: 'pages/customer/detail',
      fields: ADVISOR_FIELDS,
    },
    bookingState: {
      templateId: 'tpl-booking-state',
      title: NOTICES.bookingState.title,
      page: 'pages/bookings/bookings',
      fields: {
        thing1: 'service',
        phrase2: 'state',
        time3: 'day',
        thing4: 'advisor',
        thing5: 'note',
      },
    },
  },
  noticeQuietHours: 'off',
}

export type Change = Omit<SettingsBody, 'reason'>
type Templates = Settings['noticeTemplates']
export type Refusal =
  | { kind: 'set_once'; field: 'goLiveAt' }
  | { kind: 'in_future'; field: 'goLiveAt' }
  | { kind: 'word_in_both_lists'; word: string }
  | { kind: 'template_twice'; template: string }

/** What was saved by an older version says nothing of templates that came later. */
export const readTemplates = (stored: object, { noticeTemplates }: Settings): Templates => ({
  ...noticeTemplates,
  ...stored,
})

/** The settings after a change; what is left out stays. */
export function applyChange(
  before: Settings,
  change: Change,
  now: Date,
): { kind: 'settings'; settings: Settings } | Refusal {
  const goLiveAt =
    change.goLiveAt == null ? change.goLiveAt : new Date(change.goLiveAt).toISOString()
  if (goLiveAt !== undefined && before.goLiveAt !== null && goLiveAt !== before.goLiveAt)
    return { kind: 'set_once', field: 'goLiveAt' }
  if (goLiveAt != null && Date.parse(goLiveAt) > now.getTime())
    return { kind: 'in_future', field: 'goLiveAt' }
  const statusWords = {
    running: change.statusWords?.running ?? before.statusWords.running,
    finished: change.statusWords?.finished ?? before.statusWords.finished,
  }
  const word = findDoubleWord(statusWords)
  if (word !== undefined) return { kind: 'word_in_both_lists', word }
  const noticeTemplates = { ...before.noticeTemplates, ...change.noticeTemplates } as Templates
  const template = findTemplateTwice(noticeTemplates)
  if (template !== undefined) return { kind: 'template_twice', template }
  return {
    kind: 'settings',
    settings: {
      noticeTemplates,
      noticeQuietHours: change.noticeQuietHours ?? before.noticeQuietHours,
      statusWords,
      orderFields: change.orderFields ?? before.orderFields,
      freshDays: change.freshDays ?? before.freshDays,
      goLiveAt: goLiveAt === undefined ? before.goLiveAt : goLiveAt,
      orderNoDatePattern:
        change.orderNoDatePattern === undefined
          ? before.orderNoDatePattern
          : change.orderNoDatePattern,
    },
  }
}

/** A consent to a template could not be told from one to the other. */
function findTemplateTwice(templates: Templates): string | undefined {
  const ids = Object.values(templates).flatMap((template) => template?.templateId ?? [])
  return ids.find((id, index) => ids.indexOf(id) !== index)
}

const toComparable = (word: string): string => word.trim().toLowerCase()

function findDoubleWord({ running, finished }: Settings['statusWords']): string | undefined {
  const over = new Set(finished.map(toComparable))
  return running.find((word) => over.has(toComparable(word)))
}
