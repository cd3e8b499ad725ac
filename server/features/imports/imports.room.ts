import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { importJobs } from './imports.jobs.ts'
import { createImportRoutes } from './imports.routes.ts'
import type { Imports } from './imports.ts'

export const importsRoom = (imports: Imports): Room => ({
  tag: 'projects',
  routes: createImportRoutes(imports),
  handlers: handle(importJobs, {
    work: ({ id }, run) => imports.work(id, run),
    tidy: () => imports.tidy(),
  }),
  schedules: [{ every: 'day', job: importJobs.tidy.of() }],
})
