import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'
import { sha256 } from '../../lib/secrets.ts'
import { perContact } from '../queues.ts'

const toContact = {
  payload: v.object({ externalUserId: v.string() }),
  lane: perContact,
  once: ({ externalUserId }: { externalUserId: string }) => externalUserId,
  maxAttempts: 8,
}

export const officialJobs = {
  identify: defineJob({
    name: 'official.identify',
    payload: v.object({ openid: v.string() }),
    once: ({ openid }) => openid,
  }),
  /** One for each push; `key` tells it from every other one and holds no words, but may be longer than the name of a job. Five tries take a minute and a half: nobody waits longer. */
  answer: defineJob({
    name: 'official.answer',
    payload: v.object({ openid: v.string(), key: v.string() }),
    once: ({ key }) => sha256(key).toString('base64url'),
    maxAttempts: 5,
  }),
  tellBound: defineJob({ name: 'official.tell-bound', ...toContact }),
  tellUnbound: defineJob({ name: 'official.tell-unbound', ...toContact }),
  tellTied: defineJob({
    name: 'official.tell-tied',
    // A job of the last version does not name the contact.
    payload: v.object({ tieId: v.number(), externalUserId: v.fallback(v.string(), '') }),
    lane: perContact,
    maxAttempts: 8,
  }),
  tidy: defineJob({ name: 'official.tidy' }),
}
