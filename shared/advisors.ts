/** What a customer does about an advisor (R2.14, R2.15, R2.16): what it is called, and what the advisor is told of it. */
export const ACTIONS = {
  view_resume: {
    label: '查看简历',
    ofNew: '新客户查看了您的简历',
    ofKnown: '客户查看了您的简历',
  },
  contact_advisor: {
    label: '联系顾问',
    ofNew: '新客户想要联系您',
    ofKnown: '客户想要联系您',
  },
  book_service: {
    label: '预约服务',
    ofNew: '新客户预约了您的服务',
    ofKnown: '客户预约了您的服务',
  },
  view_project: {
    label: '查看项目',
    ofNew: '新客户查看了项目进度',
    ofKnown: '客户查看了项目进度',
  },
} as const
export type ActionType = keyof typeof ACTIONS
export const ACTION_TYPES = Object.keys(ACTIONS) as ActionType[]

export const LEAD_STATES = ['待定', '跟进中', '已签约', '无意向'] as const
export type LeadState = (typeof LEAD_STATES)[number]
