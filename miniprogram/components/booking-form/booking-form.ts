import type { BookingPart } from '../../../shared/bookings.ts'
import { serverNow } from '../../lib/clock.ts'
import { book } from '../../services/advisors.ts'
import { createBooking, type Booking } from './booking-form.asking.ts'
import { newDraft, toBooked, toFormView, type FormView } from './booking-form.view.ts'

type Data = { view: FormView }
type Chosen = { currentTarget: { dataset: { key: string } } }
type Properties = {
  advisorId: StringConstructor
  services: { type: ArrayConstructor; value: string[] }
  asksPhone: BooleanConstructor
}
type Methods = {
  onDate(event: { detail: { value: string } }): void
  onPart(event: Chosen): void
  onService(event: Chosen): void
  onType(event: WechatMiniprogram.Input): void
  onSubmit(): void
}
type Own = { booking: Booking }

/** 预约: date, part of the day, service. Triggers `booked` with what was booked, in words. `asksPhone`: nobody knows his. */
Component<Data, Properties, Methods, [], Own>({
  properties: {
    advisorId: String,
    services: { type: Array, value: [] as string[] },
    asksPhone: Boolean,
  },
  data: {
    view: toFormView(
      { draft: newDraft([], serverNow()), services: [], busy: false, hint: '' },
      serverNow(),
    ),
  },
  lifetimes: {
    created() {
      this.booking = createBooking({
        book: (wish) => book(this.data.advisorId, wish),
        show: (view) => this.setData({ view }),
        onBooked: (wish) => this.triggerEvent('booked', { text: toBooked(wish, serverNow()) }),
        now: () => serverNow(),
      })
    },
    detached() {
      this.booking.leave()
    },
  },
  observers: {
    services(services: string[]) {
      this.booking.offer(services)
    },
  },
  methods: {
    onDate({ detail }) {
      this.booking.fill({ date: detail.value })
    },
    onPart({ currentTarget }) {
      this.booking.fill({ part: currentTarget.dataset.key as BookingPart })
    },
    onService({ currentTarget }) {
      this.booking.fill({ service: currentTarget.dataset.key })
    },
    onType({ detail, currentTarget }) {
      this.booking.fill({ [currentTarget.dataset['field'] as string]: detail.value })
    },
    onSubmit() {
      void this.booking.submit()
    },
  },
})
