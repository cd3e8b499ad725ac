import type { Job } from '../../lib/jobs.ts'
import { sha256 } from '../../lib/secrets.ts'

/** The orders of this room, so that they are spelled in one place. */
export const identifyJob = (openid: string): Job => ({
  name: 'official.identify',
  payload: { openid },
  key: `official.identify:${openid}`,
})

/** One for each push; `key` tells it from every other one and holds no words, but may be longer than the name of a job. Five tries take a minute and a half: nobody waits longer. */
export const answerJob = ({ openid, key }: { openid: string; key: string }): Job => ({
  name: 'official.answer',
  payload: { openid, key },
  key: `official.answer:${sha256(key).toString('base64url')}`,
  maxAttempts: 5,
})

/** In order with everything else of this contact. */
export const tellJob = (
  name: 'official.tell-bound' | 'official.tell-unbound',
  externalUserId: string,
): Job => ({
  name,
  payload: { externalUserId },
  key: `${name}:${externalUserId}`,
  queue: `contact:${externalUserId}`,
  maxAttempts: 8,
})

export const tellTiedJob = ({
  tieId,
  externalUserId,
}: {
  tieId: number
  externalUserId: string
}): Job => ({
  name: 'official.tell-tied',
  payload: { tieId },
  queue: `contact:${externalUserId}`,
  maxAttempts: 8,
})
