import type { Knex } from 'knex'
import * as installation from './0001_installation.ts'
import * as callbacks from './0002_callbacks.ts'
import * as accounts from './0003_accounts.ts'
import * as contacts from './0004_contacts.ts'
import * as customers from './0005_customers.ts'
import * as binding from './0006_binding.ts'
import * as kf from './0007_kf.ts'
import * as projects from './0008_projects.ts'
import * as accessAudit from './0009_access_audit.ts'
import * as limitsClaims from './0010_limits_claims.ts'
import * as remedies from './0011_remedies.ts'
import * as staff from './0012_staff.ts'
import * as media from './0013_media.ts'
import * as accountIdentity from './0014_account_identity.ts'
import * as members from './0015_members.ts'
import * as officialNotices from './0016_official_notices.ts'
import * as staffDesk from './0017_staff_desk.ts'
import * as ownership from './0018_ownership.ts'
import * as settings from './0019_settings.ts'
import * as silences from './0020_silences.ts'
import * as setAside from './0021_set_aside.ts'
import * as undocumented from './0022_undocumented.ts'
import * as triesAndClock from './0023_tries_and_clock.ts'
import * as writers from './0024_writers.ts'
import * as readModels from './0025_read_models.ts'
import * as lanes from './0026_lanes.ts'
import * as indexes from './0027_indexes.ts'
import * as stageCounts from './0028_stage_counts.ts'
import * as roles from './0029_roles.ts'
import * as directory from './0030_directory.ts'
import * as orders from './0031_orders.ts'
import * as monitor from './0032_monitor.ts'
import * as membersOrders from './0033_members_orders.ts'
import * as imports from './0034_imports.ts'
import * as rights from './0035_rights.ts'
import * as hiddenOrders from './0036_hidden_orders.ts'
import * as journey from './0037_journey.ts'
import * as staffLists from './0038_staff_lists.ts'
import * as notices from './0039_notices.ts'
import * as pictures from './0040_pictures.ts'
import * as advisors from './0041_advisors.ts'
import * as advisorsNotices from './0042_advisors_notices.ts'

export type Migration = { name: string; up: (db: Knex) => Promise<unknown> }

/** In order; listed by hand because file names end in .ts in development and .js after the build. */
export const migrations: readonly Migration[] = [
  { name: '0001_installation', ...installation },
  { name: '0002_callbacks', ...callbacks },
  { name: '0003_accounts', ...accounts },
  { name: '0004_contacts', ...contacts },
  { name: '0005_customers', ...customers },
  { name: '0006_binding', ...binding },
  { name: '0007_kf', ...kf },
  { name: '0008_projects', ...projects },
  { name: '0009_access_audit', ...accessAudit },
  { name: '0010_limits_claims', ...limitsClaims },
  { name: '0011_remedies', ...remedies },
  { name: '0012_staff', ...staff },
  { name: '0013_media', ...media },
  { name: '0014_account_identity', ...accountIdentity },
  { name: '0015_members', ...members },
  { name: '0016_official_notices', ...officialNotices },
  { name: '0017_staff_desk', ...staffDesk },
  { name: '0018_ownership', ...ownership },
  { name: '0019_settings', ...settings },
  { name: '0020_silences', ...silences },
  { name: '0021_set_aside', ...setAside },
  { name: '0022_undocumented', ...undocumented },
  { name: '0023_tries_and_clock', ...triesAndClock },
  { name: '0024_writers', ...writers },
  { name: '0025_read_models', ...readModels },
  { name: '0026_lanes', ...lanes },
  { name: '0027_indexes', ...indexes },
  { name: '0028_stage_counts', ...stageCounts },
  { name: '0029_roles', ...roles },
  { name: '0030_directory', ...directory },
  { name: '0031_orders', ...orders },
  { name: '0032_monitor', ...monitor },
  { name: '0033_members_orders', ...membersOrders },
  { name: '0034_imports', ...imports },
  { name: '0035_rights', ...rights },
  { name: '0036_hidden_orders', ...hiddenOrders },
  { name: '0037_journey', ...journey },
  { name: '0038_staff_lists', ...staffLists },
  { name: '0039_notices', ...notices },
  { name: '0040_pictures', ...pictures },
  { name: '0041_advisors', ...advisors },
  { name: '0042_advisors_notices', ...advisorsNotices },
]
