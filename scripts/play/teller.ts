/**
 * Tells a story line by line, each line when it has happened: first that a step held, then what each side sees of it, also
 * when it was seen while the step was still under way.
 */
export function createTeller(print: (line: string) => void) {
  let steps = 0
  /** What was seen during the step that is under way. */
  let seen: string[] | undefined
  const tell = (line: string): void => void (seen === undefined ? print(line) : seen.push(line))
  const end = (mark: string, title: string): void => {
    print(`  ${mark} ${title}`)
    const below = seen ?? []
    seen = undefined
    below.forEach(print)
  }
  return {
    steps: (): number => steps,
    scene: (title: string): void => print(`\n${title}`),
    sees: (who: string, what: string): void => tell(`    ${who}：${what.replaceAll('\n', ' ')}`),
    step: async <T>(title: string, act: () => Promise<T>): Promise<T> => {
      seen = []
      try {
        const result = await act()
        steps += 1
        end('✓', title)
        return result
      } catch (error) {
        end('✗', title)
        throw error
      }
    },
  }
}
