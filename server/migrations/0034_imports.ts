import type { Knex } from 'knex'

/** Files of many orders, row by row. */
export const up = (db: Knex) =>
  db.raw(`
  create table imports (
    id bigint generated always as identity primary key,
    format text not null constraint imports_format check (format in ('csv', 'xlsx', 'json')),
    mode text not null constraint imports_mode check (mode in ('append', 'replace')),
    dry_run boolean not null,
    state text not null constraint imports_state check (state in ('waiting', 'running', 'finished', 'stopped', 'failed')),
    header jsonb,
    rows integer not null,
    operator text not null,
    request_id text not null,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz
  );
  create index imports_created on imports (created_at);
  comment on table imports is 'Writer: imports. Files of orders that were taken in; with their rows they are kept for seven days.';
  comment on column imports.header is 'the first row of a sheet: its headings, and which column of an order each is';

  create table import_rows (
    import_id bigint not null references imports (id) on delete cascade,
    line integer not null,
    order_no text,
    cells jsonb,
    outcome text constraint import_rows_outcome check (outcome in ('created', 'changed', 'unchanged', 'skipped', 'rejected')),
    state text,
    named boolean,
    reason text,
    constraint import_rows_pkey primary key (import_id, line)
  );
  create index import_rows_number on import_rows (import_id, order_no, line);
  create index import_rows_waiting on import_rows (import_id, line) where outcome is null;
  create index import_rows_rejected on import_rows (import_id, line) where outcome = 'rejected';
  comment on table import_rows is 'Writer: imports. What was in a file is kept until its order is loaded; of rejected rows as long as the import.';
  comment on column import_rows.state is 'of the owner''s party, after the load';

  create index members_named on members (name) where name is not null;
`)
