import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  create table platform_media (
    name text primary key,
    media_id text not null,
    uploaded_at timestamptz not null
  );
  comment on table platform_media is 'Writer: welcome. Pictures uploaded to WeCom, which keeps them three days.';

  alter table tickets add column member_userid text;
  create unique index tickets_welcome_key on tickets (external_userid, member_userid, issued_at) where kind = 'welcome';
  comment on column tickets.member_userid is 'welcome tickets: the member whose welcome carried it';
`)
