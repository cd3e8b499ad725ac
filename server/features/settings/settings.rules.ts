import type { Settings, SettingsBody } from '../../../shared/api/settings.ts'

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
}

export type Change = Omit<SettingsBody, 'reason'>
export type Refusal =
  | { kind: 'set_once'; field: 'goLiveAt' }
  | { kind: 'in_future'; field: 'goLiveAt' }
  | { kind: 'word_in_both_lists'; word: string }

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
  return {
    kind: 'settings',
    settings: {
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

const toComparable = (word: string): string => word.trim().toLowerCase()

function findDoubleWord({ running, finished }: Settings['statusWords']): string | undefined {
  const over = new Set(finished.map(toComparable))
  return running.find((word) => over.has(toComparable(word)))
}
