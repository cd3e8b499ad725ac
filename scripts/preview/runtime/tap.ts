const ENDS = ['mouseup', 'touchend', 'click', 'keyup'] as const

/** Whether the code that runs was called by a tap: what a tap began later, or after an answer, is none any more. */
export function createTaps(): { isInTap: () => boolean } {
  let isInTap = false
  for (const name of ENDS)
    addEventListener(
      name,
      () => {
        isInTap = true
        setTimeout(() => {
          isInTap = false
        })
      },
      { capture: true },
    )
  return { isInTap: () => isInTap }
}
