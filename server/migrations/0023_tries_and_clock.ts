import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  alter table code_tries add column to_people boolean not null default false;
  comment on column code_tries.to_people is 'sent while a human had the chat: a postcode or a date, most likely; raises no pause and no alarm';

  create table clock_doubts (
    only_row boolean default true constraint clock_doubts_pkey primary key constraint clock_doubts_only_row check (only_row),
    door text not null,
    doubted_at timestamptz not null,
    off_seconds integer not null
  );
  comment on table clock_doubts is 'Writer: lib/clock-doubts. The last authentic callback that was too far from our clock, at most one a minute.';
  comment on column clock_doubts.off_seconds is 'how far our clock was ahead of it; negative: behind';
`)
