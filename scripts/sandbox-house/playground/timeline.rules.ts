type Lane = 'received' | 'decided' | 'sent'
type Tone = 'plain' | 'good' | 'wait' | 'bad'
/** One line of the timeline. `table` is the decision table whose row the title tells, `evidence` an E number; people are named by the page. */
export type Entry = {
  key: string
  at: number
  lane: Lane
  tone: Tone
  title: string
  note?: string
  table?: string
  evidence?: string
  openid?: string
  externalUserId?: string
  member?: string
}
export const ms = (at: Date): number => at.getTime()

const LANES: Readonly<Record<Lane, number>> = { sent: 0, decided: 1, received: 2 }

/** Newest first; in one millisecond an effect stands above its cause. */
export const toTimeline = (
  entries: readonly (Entry | null)[],
  { after, most }: { after: number; most: number },
): Entry[] =>
  entries
    .filter((entry) => entry !== null)
    .filter((entry) => entry.at > after)
    .toSorted((a, b) => b.at - a.at || LANES[a.lane] - LANES[b.lane])
    .slice(0, most)
