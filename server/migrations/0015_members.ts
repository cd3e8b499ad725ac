import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  create table members (
    userid text primary key,
    name text,
    standing text not null constraint members_standing check (standing in ('active', 'disabled', 'gone', 'hidden')),
    checked_at timestamptz not null
  );
  comment on table members is 'Writer: members. Members of the company who matter here (signed in, or followed by a customer), as WeCom told of them last.';
  comment on column members.name is 'null: WeCom never told one; kept when he is gone or hidden';
  comment on column members.standing is 'disabled: by an administrator; gone: left the company; hidden: outside the visible range of the app';
  comment on column members.checked_at is 'when WeCom was asked; an answer to an older question does not replace a newer one';
`)
