import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  create table code_tries (
    id bigint generated always as identity primary key,
    external_userid text not null,
    source_id text not null constraint code_tries_source_id_key unique,
    tried_at timestamptz not null
  );
  create index code_tries_contact on code_tries (external_userid, tried_at);
  create index code_tries_tried_at on code_tries (tried_at);
  comment on table code_tries is 'Writer: binding. Wrong tries of typed codes, for the rolling limits; the digits are not kept.';

  create table code_pauses (
    id bigint generated always as identity primary key,
    external_userid text not null,
    source_id text not null constraint code_pauses_source_id_key unique,
    began_at timestamptz not null,
    ends_at timestamptz not null
  );
  create index code_pauses_contact on code_pauses (external_userid, ends_at);
  comment on table code_pauses is 'Writer: binding. Contacts whose typed codes are not looked at for a while; each pause of a contact doubles.';

  create table code_alarms (
    id bigint generated always as identity primary key,
    reason text not null,
    began_at timestamptz not null,
    ends_at timestamptz not null
  );
  create index code_alarms_ends_at on code_alarms (ends_at);
  comment on table code_alarms is 'Writer: binding. While one lasts, new codes have 8 digits.';

  create table temp_bindings (
    id bigint generated always as identity constraint temp_bindings_pkey primary key,
    account_id bigint not null references accounts (id),
    wechat_openid text not null,
    phone_number text not null,
    phone_hmac bytea not null,
    status text not null default 'waiting' constraint chk_temp_binding_status check (status in ('waiting', 'bound', 'expired')),
    rival_of bigint references temp_bindings (id),
    contested_at timestamptz,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    bound_at timestamptz
  );
  create unique index temp_bindings_one_waiting on temp_bindings (phone_number) where status = 'waiting' and rival_of is null;
  create unique index temp_bindings_one_per_account on temp_bindings (phone_number, account_id) where status = 'waiting';
  create index idx_temp_bindings_phone on temp_bindings (phone_number);
  create index idx_temp_bindings_status on temp_bindings (status);
  create index idx_temp_bindings_expires_at on temp_bindings (expires_at);
  create index temp_bindings_account on temp_bindings (account_id, created_at);
  create index temp_bindings_phone_hmac on temp_bindings (phone_hmac);
  comment on table temp_bindings is 'Writer: binding. Phones that accounts say are theirs (E6): a hint, never proof (R0.34).';
  comment on column temp_bindings.status is 'waiting: no salesperson has added the phone yet; bound: added; expired: 48 hours passed (R0.37)';
  comment on column temp_bindings.expires_at is 'created_at + 48 hours';
  comment on column temp_bindings.phone_number is 'the phone while it waits; masked once the claim is over, phone_hmac remains';
  comment on column temp_bindings.rival_of is 'set: another account had claimed this phone first; both are contested';

  create table cron_fires (
    name text not null,
    slot timestamptz not null,
    fired_at timestamptz not null default now(),
    constraint cron_fires_pkey primary key (name, slot)
  );
  comment on table cron_fires is 'Writer: lib/cron. One row per schedule and slot: the first process to insert it does the work.';
`)
