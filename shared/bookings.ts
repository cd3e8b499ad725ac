/** The states of a booking, as they stand in the database, and as people and the API say them. */
export const BOOKING_STATES = {
  new: '新',
  contacted: '已联系',
  confirmed: '已确认',
  done: '已完成',
  cancelled: '已取消',
} as const
export type BookingState = keyof typeof BOOKING_STATES

export const BOOKING_PARTS = { morning: '上午', afternoon: '下午', evening: '晚上' } as const
export type BookingPart = keyof typeof BOOKING_PARTS

const NEXT: Readonly<Record<BookingState, readonly BookingState[]>> = {
  new: ['contacted', 'confirmed', 'cancelled'],
  contacted: ['confirmed', 'cancelled'],
  confirmed: ['done', 'cancelled'],
  done: [],
  cancelled: [],
}

/** Where an advisor may move a booking; the customer may only cancel, while it is open. */
export const findNextStates = (state: BookingState): readonly BookingState[] => NEXT[state]

/** Whether the customer still expects something of it. */
export const isOpen = (state: BookingState): boolean => NEXT[state].length > 0
