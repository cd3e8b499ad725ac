import type { Knex } from 'knex'

/** Advisors with their 简历, what customers do about them, the leads that come of it, and bookings (requirements R2.*). */
export const up = (db: Knex) =>
  db.raw(`
  create table advisors (
    id text constraint advisors_pkey primary key,
    name text not null,
    title text,
    summary text,
    photo_id uuid,
    resume jsonb not null default '[]',
    services text[] not null default '{}',
    member_userid text,
    active boolean not null,
    account_id bigint references accounts (id) on delete set null,
    joined_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
  );
  create unique index advisors_account on advisors (account_id) where account_id is not null;
  create unique index advisors_member on advisors (lower(member_userid)) where member_userid is not null;
  comment on table advisors is 'Writer: advisors. People of the company whom customers may ask and book; their names and 简历 are shown to every signed-in customer.';
  comment on column advisors.resume is 'sections in their order: heading, text, pictures (ids of media)';
  comment on column advisors.account_id is 'the account of the mini-program that took the invitation';

  create table advisor_invitations (
    token_hash bytea constraint advisor_invitations_pkey primary key,
    advisor_id text not null references advisors (id) on delete cascade,
    issued_by text not null,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    ended_at timestamptz
  );
  create index advisor_invitations_advisor on advisor_invitations (advisor_id, issued_at);
  comment on table advisor_invitations is 'Writer: advisors. One-time invitations by which an advisor ties his own account; a newer one ends the older.';

  create table advisor_join_tries (
    account_id bigint constraint advisor_join_tries_pkey primary key references accounts (id) on delete cascade,
    tries integer not null,
    since timestamptz not null
  );
  comment on table advisor_join_tries is 'Writer: advisors. How many invitations an account has tried in vain, and since when.';

  create table leads (
    id uuid constraint leads_pkey primary key,
    account_id bigint not null references accounts (id) on delete cascade,
    phone text not null,
    customer_no text not null constraint leads_customer_no_key unique,
    name text,
    source text not null default '其他',
    state text not null default '待定',
    created_by text not null,
    advisor_id text not null references advisors (id),
    remark text not null,
    note text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint leads_account_phone_key unique (account_id, phone)
  );
  create index leads_advisor on leads (advisor_id, created_at desc, id);
  create index leads_phone on leads (phone);
  comment on table leads is 'Writer: leads. A phone that an account stated to an advisor for the first time; says nothing about whose the phone is.';
  comment on column leads.customer_no is 'CUS and 11 digits of chance, of this lead alone: not the number of a customer';
  comment on column leads.created_by is 'the advisor whom it was stated to (R2.13)';
  comment on column leads.advisor_id is 'who looks after it now';

  create table customeractions (
    id uuid constraint customeractions_pkey primary key,
    account_id bigint not null references accounts (id) on delete cascade,
    advisor_id text not null references advisors (id),
    action_type text not null constraint customeractions_type check (action_type in ('view_resume', 'contact_advisor', 'book_service', 'view_project')),
    lead_id uuid references leads (id) on delete set null,
    created_lead boolean not null,
    customer_name text,
    times integer not null default 1,
    first_at timestamptz not null,
    last_at timestamptz not null
  );
  create index customeractions_advisor on customeractions (advisor_id, last_at desc, id);
  create index customeractions_account on customeractions (account_id, advisor_id, action_type, last_at desc);
  create index customeractions_lead on customeractions (lead_id) where lead_id is not null;
  comment on table customeractions is 'Writer: leads. What customers did about advisors; what is repeated within the quiet time is one row that counts.';

  create table bookings (
    id uuid constraint bookings_pkey primary key,
    account_id bigint not null references accounts (id) on delete cascade,
    advisor_id text not null references advisors (id),
    action_id uuid references customeractions (id) on delete set null,
    lead_id uuid references leads (id) on delete set null,
    customer_name text,
    day date not null,
    part text not null constraint bookings_part check (part in ('morning', 'afternoon', 'evening')),
    service text not null,
    note text,
    state text not null default 'new' constraint bookings_state check (state in ('new', 'contacted', 'confirmed', 'done', 'cancelled')),
    booked_at timestamptz not null,
    changed_at timestamptz not null
  );
  create unique index bookings_open on bookings (account_id, advisor_id, day, part, service) where state in ('new', 'contacted', 'confirmed');
  create index bookings_advisor on bookings (advisor_id, day desc, id);
  create index bookings_account on bookings (account_id, booked_at desc, id);
  create index bookings_action on bookings (action_id) where action_id is not null;
  create index bookings_lead on bookings (lead_id) where lead_id is not null;
  comment on table bookings is 'Writer: bookings. Visits that customers ask an advisor for; the same one asked for twice is one while it is open.';

  create table booking_moves (
    id bigint generated always as identity constraint booking_moves_pkey primary key,
    booking_id uuid not null references bookings (id) on delete cascade,
    state text not null,
    moved_by text not null constraint booking_moves_by check (moved_by in ('customer', 'advisor', 'office')),
    moved_at timestamptz not null
  );
  create index booking_moves_booking on booking_moves (booking_id, id);
  comment on table booking_moves is 'Writer: bookings. How each booking went, with who moved it.';
`)
