import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  alter table contact_follows add column missed_pulls smallint not null default 0;
  comment on column contact_follows.missed_pulls is 'complete pulls in a row that did not show this follow: two that agree end it (D7)';

  create table reconciliations (
    id bigint generated always as identity primary key,
    started_at timestamptz not null,
    finished_at timestamptz,
    complete boolean not null default false,
    report jsonb not null default '{}'
  );
  comment on table reconciliations is 'Writer: contacts. What each pull of all contacts saw and repaired.';
`)
