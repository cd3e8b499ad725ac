import type { Knex } from 'knex'

/** Work in order per contact leaves the job runner, which looked at a row of every contact ever seen for each job. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
  create table lane_jobs (
    id bigint generated always as identity primary key,
    lane text not null,
    name text not null,
    payload jsonb not null,
    key text,
    run_at timestamptz not null,
    attempts smallint not null default 0,
    max_attempts smallint not null,
    locked_at timestamptz,
    locked_by text,
    last_error text,
    created_at timestamptz not null default now(),
    constraint lane_jobs_lane_length check (length(lane) between 1 and 128)
  );
  create index lane_jobs_ready on lane_jobs (run_at, id) where locked_by is null and attempts < max_attempts;
  create index lane_jobs_lane on lane_jobs (lane, run_at, id);
  create index lane_jobs_busy on lane_jobs (lane) where locked_by is not null;
  create unique index lane_jobs_key on lane_jobs (key) where key is not null and locked_by is null;
  comment on table lane_jobs is 'Writer: lib/lanes. Jobs that run one after the other in their lane, one lane per contact; deleted when done.';
  comment on column lane_jobs.locked_by is 'the process that does it, by the name of the lock that it holds while it lives';
  `)
  await moveFromRunner(db)
}

/** What waits in a queue of a contact, and the queues themselves, which nothing ever removed. */
async function moveFromRunner(db: Knex): Promise<void> {
  const { rows } = await db.raw<{ rows: { runner: string | null }[] }>(
    `select to_regclass('graphile_worker._private_job_queues')::text as runner`,
  )
  if (rows[0]?.runner == null) return
  await db.raw(`
  with moved as (
    delete from graphile_worker._private_jobs j
    using graphile_worker._private_job_queues q, graphile_worker._private_tasks t
    where q.id = j.job_queue_id and t.id = j.task_id and starts_with(q.queue_name, 'contact:')
    returning j.id, q.queue_name, t.identifier, j.payload, j.key, j.run_at, j.attempts, j.max_attempts, j.last_error, j.created_at
  )
  insert into lane_jobs (lane, name, payload, key, run_at, attempts, max_attempts, last_error, created_at)
  select queue_name, identifier, payload, key, run_at, attempts, max_attempts, last_error, created_at from moved order by id;
  delete from graphile_worker._private_job_queues where starts_with(queue_name, 'contact:');
  `)
}
