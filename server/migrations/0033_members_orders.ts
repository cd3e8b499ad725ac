import type { Knex } from 'knex'

/** A member leaves: which orders were his. */
export const up = (db: Knex) =>
  db.raw(`
  create index projects_designer on projects (designer_userid) where designer_userid is not null;
  create index projects_manager on projects (project_manager_userid) where project_manager_userid is not null;
`)
