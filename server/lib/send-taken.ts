import { OutsideError } from './http-client.ts'

type Sending<Sent> = {
  send: () => Promise<Sent>
  /** Gives back what was taken: the message certainly did not leave, and may be sent again. */
  release: () => Promise<unknown>
  /** It left, and no answer came. */
  doubt: (error: OutsideError) => void
}

/**
 * Sends a message to people that was taken in a table before: whoever dies in between says nothing, rather than the same
 * thing twice. Answers what the platform said; undefined when nobody knows whether it arrived.
 *
 * @throws what `send` threw, when the message did not leave; it is released then.
 */
export async function sendTaken<Sent>({
  send,
  release,
  doubt,
}: Sending<Sent>): Promise<Sent | undefined> {
  try {
    return await send()
  } catch (error) {
    if (error instanceof OutsideError && error.sent) return void doubt(error)
    await release()
    throw error
  }
}
