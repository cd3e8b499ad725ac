export type GuideStep = {
  number: number
  title: string
  text: string
  state: 'done' | 'current' | 'todo'
}

/** Steps before `current` are done, those after it wait; `current` beyond the last means that all are done. */
export const toSteps = (
  steps: readonly (readonly [title: string, text: string])[],
  current: number,
): GuideStep[] =>
  steps.map(([title, text], index) => ({
    number: index + 1,
    title,
    text,
    state: index < current ? 'done' : index === current ? 'current' : 'todo',
  }))
