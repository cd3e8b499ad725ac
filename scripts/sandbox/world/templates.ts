import type { Template } from './types.ts'

const ADVISOR_FIELDS: Template['fields'] = [
  { key: 'thing1', label: '事项' },
  { key: 'time2', label: '时间' },
  { key: 'thing3', label: '客户' },
  { key: 'thing7', label: '备注' },
]

/** Two for customers, two for advisors (R2.8 names their keys). */
const templates: Template[] = [
  {
    templateId: 'tpl-stage',
    title: '项目进度提醒',
    fields: [
      { key: 'thing1', label: '项目' },
      { key: 'thing2', label: '阶段' },
      { key: 'time3', label: '时间' },
      { key: 'thing4', label: '备注' },
    ],
  },
  {
    templateId: 'tpl-new-customer',
    title: '新客户提醒',
    fields: ADVISOR_FIELDS,
  },
  {
    templateId: 'tpl-booking',
    title: '预约提醒',
    fields: ADVISOR_FIELDS,
  },
  {
    templateId: 'tpl-booking-state',
    title: '预约结果提醒',
    fields: [
      { key: 'thing1', label: '服务' },
      { key: 'phrase2', label: '结果' },
      { key: 'time3', label: '预约时间' },
      { key: 'thing4', label: '顾问' },
      { key: 'thing5', label: '备注' },
    ],
  },
]

export const demoTemplates = (): Record<string, Template> =>
  Object.fromEntries(templates.map((template) => [template.templateId, template]))
