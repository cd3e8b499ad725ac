import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  create table kf_cursors (
    open_kfid text primary key,
    cursor text not null,
    updated_at timestamptz not null default now()
  );
  comment on table kf_cursors is 'Writer: kf. Where the next sync_msg page begins; moves only with the messages of the page.';

  create table kf_messages (
    id bigint generated always as identity primary key,
    open_kfid text not null,
    msgid text not null,
    external_userid text,
    origin text not null,
    intent jsonb not null,
    sent_at timestamptz not null,
    received_at timestamptz not null default now(),
    handled_at timestamptz,
    outcome text,
    constraint kf_messages_msgid_key unique (open_kfid, msgid)
  );
  create index kf_messages_waiting on kf_messages (external_userid, id) where handled_at is null;
  create index kf_messages_contact on kf_messages (external_userid, sent_at);
  comment on table kf_messages is 'Writer: kf. Every kf item once. Holds what we understood (intent), never the words of the customer; a code only as HMAC.';
`)
