import type { Readings } from './find.ts'

const linesOf = (readings: Readings): string[] =>
  Object.entries(readings).flatMap(([room, arrows]) =>
    arrows.map((arrow) => `${room} reads ${arrow}`),
  )

/** What the rooms read now and did not when it was last decided, and what they have ceased to read. */
export function compareReadings({ decided, now }: { decided: Readings; now: Readings }): string[] {
  const [before, after] = [linesOf(decided), linesOf(now)]
  return [
    ...after
      .filter((line) => !before.includes(line))
      .map(
        (line) => `${line}: a room that reads another's table is tied to it; that is a decision`,
      ),
    ...before
      .filter((line) => !after.includes(line))
      .map((line) => `${line} no more: the list must say so`),
  ]
}
