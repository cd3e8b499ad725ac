import type { Ears } from '../../lib/facts.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Fact } from '../facts.ts'
import type { Projects } from './projects.ts'

export const projectEars = {
  'settings.changed': [
    () => ({
      name: 'projects.apply-settings',
      payload: {},
      key: 'projects.apply-settings',
      queue: 'settings',
    }),
  ],
} satisfies Ears<Fact>

export function handleProjectJobs(
  jobs: Pick<Jobs, 'handle'>,
  projects: Pick<Projects, 'applySettings'>,
): void {
  jobs.handle('projects.apply-settings', () => projects.applySettings())
}
