import { handle } from '../../lib/job-kinds.ts'
import type { OnPlatformEvent, Room } from '../room.ts'
import { noticeJobs } from './notices.jobs.ts'
import { createNoticeRoutes } from './notices.routes.ts'
import type { Notices } from './notices.ts'

export const noticesRoom = (notices: Notices): Room => ({
  tag: 'notices',
  routes: createNoticeRoutes(notices),
  listeners: {
    'project.stage-changed': [(moved) => noticeJobs.tellStage.of(moved)],
    'advisor.called': [(called) => noticeJobs.tellAction.of(called)],
    'booking.moved': [(moved) => noticeJobs.tellMove.of(moved)],
    'settings.changed': [() => noticeJobs.checkTemplates.of()],
  },
  onPlatformEvent,
  handlers: handle(noticeJobs, {
    noteAsked: (pushed) => notices.noteAsked(pushed),
    noteTurnedOff: (pushed) => notices.noteTurnedOff(pushed),
    noteReceipts: (pushed) => notices.noteReceipts(pushed),
    tellStage: (moved) => notices.tellStage(moved),
    tellAction: (called) => notices.tellAction(called),
    tellMove: (moved) => notices.tellMove(moved),
    send: (about, run) => notices.send(about, run),
    resolve: (about, run) => notices.resolve(about, run),
    checkTemplates: () => notices.checkTemplates(),
    tidy: () => notices.tidy(),
  }),
  schedules: [{ every: 'day', job: noticeJobs.tidy.of() }],
})

/** A choice in the settings that accepts gives nothing: only an answer to a question does. */
const onPlatformEvent: OnPlatformEvent = (event) => {
  if (event.kind === 'subscribe-asked') {
    const { openid, at, choices } = event
    const named = (isAccepted: boolean): string[] =>
      choices.filter(({ accepted }) => accepted === isAccepted).map(({ templateId }) => templateId)
    return [noticeJobs.noteAsked.of({ openid, at, accepted: named(true), rejected: named(false) })]
  }
  if (event.kind === 'subscribe-changed') {
    const { openid, at, choices } = event
    const templateIds = choices.filter((one) => !one.accepted).map(({ templateId }) => templateId)
    return templateIds.length === 0
      ? []
      : [noticeJobs.noteTurnedOff.of({ openid, at, templateIds })]
  }
  if (event.kind === 'subscribe-sent')
    return [noticeJobs.noteReceipts.of({ openid: event.openid, receipts: event.receipts })]
  return []
}
