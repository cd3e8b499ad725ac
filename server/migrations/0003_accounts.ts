import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  create table accounts (
    id bigint generated always as identity primary key,
    app text not null constraint accounts_app check (app in ('miniprogram', 'official')),
    openid text not null,
    unionid text,
    created_at timestamptz not null default now(),
    signed_in_at timestamptz not null default now(),
    constraint accounts_app_openid_key unique (app, openid)
  );
  create index accounts_unionid on accounts (unionid) where unionid is not null;
  comment on table accounts is 'Writer: accounts. One openid of one app (mini-program or official account).';

  create table sessions (
    token_hash bytea primary key,
    account_id bigint not null references accounts (id),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
  );
  create index sessions_account_id on sessions (account_id);
  create index sessions_expires_at on sessions (expires_at);
  comment on table sessions is 'Writer: accounts. Only hashes of session tokens; sliding life; deleted when ended.';
`)
