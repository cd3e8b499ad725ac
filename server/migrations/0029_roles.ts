import type { Knex } from 'knex'

/** Who may do what of an admin's work: keys of four kinds, and members with a role. */
export const up = (db: Knex) =>
  db.raw(`
  alter table admin_keys drop constraint admin_keys_scope;
  alter table admin_keys add constraint admin_keys_scope check (scope in ('viewer', 'operator', 'admin', 'service'));
  alter table admin_keys add created_by text, add last_used_at timestamptz;
  comment on table admin_keys is 'Writer: access. Only hashes of the keys of people and programs.';
  comment on column admin_keys.last_used_at is 'To the minute: a key that is used all day is not written at each request.';

  create table member_roles (
    userid text not null,
    role text not null constraint member_roles_role check (role in ('viewer', 'operator', 'admin')),
    given_at timestamptz not null,
    given_by text not null
  );
  create unique index member_roles_userid on member_roles (lower(userid));
  comment on table member_roles is 'Writer: access. Members of the company who may do an admin''s work; they come in through WeCom.';

  create index operation_log_what on operation_log (operation, id);
`)
