import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  create table projects (
    id uuid primary key default gen_random_uuid(),
    order_no text not null constraint projects_order_no_key unique,
    title text not null,
    status text not null,
    stage text,
    address text,
    designer_userid text,
    project_manager_userid text,
    order_info jsonb not null default '{}',
    finished_at timestamptz,
    content_hash bytea not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null
  );
  comment on table projects is 'Writer: projects. A customer''s order and how far it is; stages, equipment and parties beside it.';
  comment on column projects.finished_at is 'when it was finished, null while it runs: old projects of a recycled number stay hidden (D14)';

  create table project_parties (
    project_id uuid not null references projects (id) on delete cascade,
    customer_id bigint not null references customers (id),
    role text not null,
    phone_hmac bytea not null,
    confirmed_at timestamptz,
    created_at timestamptz not null,
    constraint project_parties_pkey primary key (project_id, customer_id)
  );
  create index project_parties_customer on project_parties (customer_id);
  comment on table project_parties is 'Writer: projects. Owner and further viewers (D14, D17), resolved from the phone once, when loaded.';

  create table project_stages (
    project_id uuid not null references projects (id) on delete cascade,
    position smallint not null,
    name text not null,
    status text not null constraint project_stages_status check (status in ('pending', 'active', 'done')),
    planned_at timestamptz,
    done_at timestamptz,
    note text,
    constraint project_stages_pkey primary key (project_id, position)
  );
  comment on table project_stages is 'Writer: projects.';

  create table project_equipment (
    project_id uuid not null references projects (id) on delete cascade,
    position smallint not null,
    name text not null,
    model text,
    serial_no text,
    installed_at timestamptz,
    warranty_until timestamptz,
    constraint project_equipment_pkey primary key (project_id, position)
  );
  comment on table project_equipment is 'Writer: projects. The equipment file (设备档案).';
`)
