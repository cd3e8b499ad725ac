import type { Knex } from 'knex'

const tables = `
  create table customers (
    id bigint generated always as identity constraint customers_pkey primary key,
    customer_no text generated always as ('CUS' || lpad(id::text, 11, '0')) stored constraint customers_customer_no_key unique,
    name text,
    company text,
    phone text,
    phone_hmac bytea,
    wework_userid text,
    wechat_openid text,
    binding_status text not null default 'unbound'
      constraint chk_binding_status check (binding_status in ('unbound', 'partial', 'bound')),
    bound_at timestamptz,
    bound_by text,
    suspended_reason text,
    merged_into bigint references customers (id),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint customers_phone_hmac check ((phone is null) = (phone_hmac is null))
  );
  create unique index customers_phone_key on customers (phone) where merged_into is null;
  create unique index idx_customers_wework_userid on customers (wework_userid) where merged_into is null;
  create index idx_customers_wechat_openid on customers (wechat_openid);
  create index idx_customers_binding_status on customers (binding_status);
  create index customers_merged_into on customers (merged_into) where merged_into is not null;
  comment on table customers is 'Writer: customers. One person: at most one phone, one contact, one account per app (D4, D14).';
  comment on column customers.wework_userid is 'external_userid of the WeCom contact (the name is R0.29''s)';
  comment on column customers.binding_status is 'unbound: nothing known; partial: one side known; bound: account and contact tied (R0.32)';
  comment on column customers.suspended_reason is 'set: the permission rests until an admin has looked (D15)';

  create table customer_accounts (
    id bigint generated always as identity primary key,
    customer_id bigint not null references customers (id),
    account_id bigint not null references accounts (id),
    app text not null,
    external_userid text not null,
    evidence_id bigint not null,
    tied_at timestamptz not null,
    ended_at timestamptz,
    ended_by text,
    end_reason text
  );
  create unique index customer_accounts_one_customer on customer_accounts (account_id) where ended_at is null;
  create unique index customer_accounts_one_per_app on customer_accounts (customer_id, app) where ended_at is null;
  comment on table customer_accounts is 'Writer: customers. Which account is tied to which customer, with history.';

  create table pair_endings (
    id bigint generated always as identity primary key,
    account_id bigint not null references accounts (id),
    external_userid text not null,
    ended_at timestamptz not null,
    ended_by text not null constraint pair_endings_by check (ended_by in ('customer', 'not_me', 'admin'))
  );
  create index pair_endings_pair on pair_endings (account_id, external_userid);
  comment on table pair_endings is 'Writer: customers. Pairs that somebody ended: an equal unionid alone does not tie them again (D4).';

  create table evidence (
    id bigint generated always as identity primary key,
    kind text not null constraint evidence_kind check (kind in
      ('kf_code', 'kf_link', 'unionid', 'ticket', 'phone_search', 'phone_claim', 'manual', 'phone_button')),
    account_id bigint references accounts (id),
    external_userid text,
    customer_id bigint references customers (id),
    phone_hmac bytea,
    phone_masked text,
    member_userid text,
    event_id bigint references wework_customer_events (id),
    source_id text,
    source_hash bytea,
    reason text,
    observed_at timestamptz not null,
    valid_until timestamptz,
    revoked_at timestamptz,
    revoked_reason text,
    created_at timestamptz not null default now()
  );
  create unique index evidence_phone_search_key on evidence (external_userid, member_userid, phone_hmac)
    where kind = 'phone_search' and revoked_at is null;
  create unique index evidence_source_key on evidence (kind, source_id) where source_id is not null;
  create index evidence_account on evidence (account_id) where account_id is not null;
  create index evidence_contact on evidence (external_userid) where external_userid is not null;
  create index evidence_phone on evidence (phone_hmac) where phone_hmac is not null;
  comment on table evidence is 'Writer: customers. Recorded facts E1 to E8 that tie two of account, contact, phone; never a full phone, never a message text.';

  create table binding_history (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    account_id bigint references accounts (id),
    external_userid text,
    customer_id bigint references customers (id),
    phone_masked text,
    decision text not null,
    outcome text not null,
    actor text not null,
    detail jsonb not null default '{}'
  );
  create index binding_history_customer on binding_history (customer_id, id);
  comment on table binding_history is 'Writer: customers. Append-only: each decision of the table with the row that took it.';

  create table reviews (
    id bigint generated always as identity primary key,
    kind text not null,
    external_userid text,
    customer_id bigint references customers (id),
    member_userid text,
    detail jsonb not null default '{}',
    opened_at timestamptz not null,
    closed_at timestamptz,
    closed_by text,
    close_reason text
  );
  create unique index reviews_open_key on reviews (kind, coalesce(external_userid, ''), coalesce(customer_id, 0), coalesce(member_userid, ''))
    where closed_at is null;
  comment on table reviews is 'Writer: customers. What a person must look at before it counts (D6, D14, D15).';
`

/** The one statement of "may query": every query that shows projects joins this view, so none can forget a condition. */
const view = `
  create view account_access as
  select t.account_id,
         c.id as customer_id,
         c.phone,
         c.wework_userid as external_userid,
         c.binding_status,
         c.binding_status = 'bound' and c.suspended_reason is null and exists (
           select 1 from evidence e
           where e.revoked_at is null
             and (e.valid_until is null or e.valid_until > now())
             and e.phone_hmac = c.phone_hmac
             and (
               (e.kind = 'phone_search' and e.external_userid = c.wework_userid and exists (
                 select 1 from wework_customer_events v
                 where v.id = e.event_id and v.event_type = 'add_external_contact' and v.add_way = 2
                   and v.external_userid = c.wework_userid and v.customer_phone = c.phone))
               or (e.kind = 'manual' and e.customer_id = c.id)
             )
         ) as may_query
  from customer_accounts t
  join customers c on c.id = t.customer_id
  where t.ended_at is null and c.merged_into is null;
  comment on view account_access is 'Which customer an account is tied to, and whether it may see projects.';
`

export const up = (db: Knex) => db.raw(tables + view)
