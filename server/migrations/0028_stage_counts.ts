import type { Knex } from 'knex'

/** How far an order is stands with it: lists of projects read it far more often than a load changes it. */
export const up = (db: Knex) =>
  db.raw(`
  alter table projects add stages_done integer not null default 0, add stages_total integer not null default 0;
  comment on column projects.stages_done is 'Of its project_stages, written with them.';
  comment on column projects.stages_total is 'Number of its project_stages, written with them.';

  update projects p set stages_done = s.done, stages_total = s.total
  from (select project_id, count(*) filter (where status = 'done') as done, count(*) as total from project_stages group by project_id) s
  where s.project_id = p.id;
`)
