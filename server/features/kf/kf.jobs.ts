import * as v from 'valibot'
import { defineJob, instant, word } from '../../lib/job-kinds.ts'
import type { ProjectQuestion } from '../../../shared/project-texts.ts'
import type { BindingEnd, UnboundBy } from '../facts.ts'
import { perContact } from '../queues.ts'

const chat = { openKfId: v.string(), externalUserId: v.string() }
const said = { ...chat, sourceId: v.string() }
/** In order with everything else of this contact. */
const inChat = { lane: perContact, maxAttempts: 8 }

export const kfJobs = {
  pull: defineJob({
    name: 'kf.pull',
    payload: v.object({ openKfId: v.string(), token: v.exactOptional(v.string()) }),
    queue: ({ openKfId }) => `kf:${openKfId}`,
    once: ({ openKfId }) => openKfId,
  }),
  catchUp: defineJob({ name: 'kf.catch-up' }),
  tidy: defineJob({ name: 'kf.tidy' }),
  /** The next message of a contact. */
  handle: defineJob({
    name: 'kf.handle',
    payload: v.object({ externalUserId: v.string() }),
    once: ({ externalUserId }) => externalUserId,
    ...inChat,
  }),
  greet: defineJob({
    name: 'kf.greet',
    payload: v.object({
      welcomeCode: v.string(),
      enteredAt: instant,
      // A job of the last version does not name the contact.
      externalUserId: v.optional(v.nullable(v.string()), null),
    }),
    maxAttempts: 2,
  }),
  confirm: defineJob({
    name: 'kf.confirm',
    payload: v.object({
      ...chat,
      pendingId: v.string(),
      ticketId: v.string(),
      eventCode: v.optional(v.nullable(v.string()), null),
      // A job of the last version does not say until when.
      eventUntil: v.optional(v.nullable(instant), null),
    }),
    ...inChat,
  }),
  tellMissed: defineJob({
    name: 'kf.tell-missed',
    payload: v.object({ ...said, pausedUntil: v.nullable(instant) }),
    ...inChat,
  }),
  tellEnd: defineJob({
    name: 'kf.tell-end',
    payload: v.object({ ...chat, pendingId: v.string(), end: word<BindingEnd>() }),
    ...inChat,
  }),
  tellOver: defineJob({ name: 'kf.tell-over', payload: v.object(said), ...inChat }),
  tellTied: defineJob({
    name: 'kf.tell-tied',
    payload: v.object({ externalUserId: v.string(), tieId: v.number() }),
    ...inChat,
  }),
  tellUnbound: defineJob({
    name: 'kf.tell-unbound',
    payload: v.object({
      externalUserId: v.string(),
      sourceId: v.string(),
      by: v.optional(word<UnboundBy>()),
    }),
    ...inChat,
  }),
  tellKept: defineJob({ name: 'kf.tell-kept', payload: v.object(said), ...inChat }),
  askUnbind: defineJob({ name: 'kf.ask-unbind', payload: v.object(said), ...inChat }),
  tellProgress: defineJob({
    name: 'kf.tell-progress',
    // A job of the last version is about the progress.
    payload: v.object({ ...said, about: v.optional(word<ProjectQuestion>(), 'progress') }),
    ...inChat,
  }),
  /** Words that are not for us; later, so that a confirmation can still be sent before a human takes the chat. */
  listen: defineJob({
    name: 'kf.listen',
    payload: v.object({ ...said, sentAt: instant, waits: v.number() }),
    once: ({ openKfId, externalUserId }) => [openKfId, externalUserId].join(':'),
    ...inChat,
  }),
}
