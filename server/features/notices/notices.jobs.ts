import * as v from 'valibot'
import { defineJob, instant } from '../../lib/job-kinds.ts'

const pushed = { openid: v.string(), at: instant }
/** What an account is told goes one after the other. */
const ofNotice = {
  lane: ({ noticeId, accountId }: { noticeId: number; accountId: number | null }) =>
    accountId === null ? `notice:${String(noticeId)}` : `account:${String(accountId)}`,
  once: ({ noticeId }: { noticeId: number }) => noticeId,
  // Twelve tries take ten hours: what is late by then is looked at again before it is sent.
  maxAttempts: 12,
}

export const noticeJobs = {
  noteAsked: defineJob({
    name: 'notices.note-asked',
    payload: v.object({
      ...pushed,
      accepted: v.array(v.string()),
      rejected: v.array(v.string()),
    }),
  }),
  noteTurnedOff: defineJob({
    name: 'notices.note-turned-off',
    payload: v.object({ ...pushed, templateIds: v.array(v.string()) }),
  }),
  noteReceipts: defineJob({
    name: 'notices.note-receipts',
    payload: v.object({
      openid: v.string(),
      receipts: v.array(
        v.object({ templateId: v.string(), msgId: v.string(), errorCode: v.string() }),
      ),
    }),
  }),
  /** The latest of several moves that nobody was told of yet. */
  tellStage: defineJob({
    name: 'notices.tell-stage',
    payload: v.object({ projectId: v.string(), stage: v.string() }),
    once: ({ projectId }) => projectId,
  }),
  tellAction: defineJob({
    name: 'notices.tell-action',
    payload: v.object({ actionId: v.string() }),
  }),
  tellMove: defineJob({
    name: 'notices.tell-move',
    payload: v.object({ bookingId: v.string(), moveId: v.number() }),
  }),
  send: defineJob({
    name: 'notices.send',
    payload: v.object({ noticeId: v.number(), accountId: v.nullable(v.number()) }),
    ...ofNotice,
  }),
  /** What became of a message whose answer was lost. */
  resolve: defineJob({
    name: 'notices.resolve',
    payload: v.object({ noticeId: v.number(), accountId: v.number() }),
    ...ofNotice,
  }),
  checkTemplates: defineJob({ name: 'notices.check-templates', once: true }),
  tidy: defineJob({ name: 'notices.tidy' }),
}
