import { defineJob } from '../../lib/job-kinds.ts'
import { afterSettings } from '../queues.ts'

export const projectJobs = {
  applySettings: defineJob({ name: 'projects.apply-settings', queue: afterSettings, once: true }),
}
