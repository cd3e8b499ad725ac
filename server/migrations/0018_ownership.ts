import type { Knex } from 'knex'

/**
 * Parties become order x number x role, and say whose they are and why (D19 to D21). What was loaded before keeps its
 * customer as its last holder and is looked at once by the table itself (job customers.carry-over): until then nobody
 * sees it. Names of customers were WeCom's nicknames, which contacts still have; the office's come with the loads.
 */
export const up = (db: Knex) =>
  db.raw(`
  delete from project_parties p using project_parties o
  where o.project_id = p.project_id and o.phone_hmac = p.phone_hmac and o.customer_id < p.customer_id;
  alter table project_parties drop constraint project_parties_pkey;
  alter table project_parties alter column customer_id drop not null;
  alter table project_parties
    add column id bigint generated always as identity constraint project_parties_pkey primary key,
    add constraint project_parties_number_key unique (project_id, phone_hmac),
    add column name text,
    add column state text not null default 'waiting'
      constraint project_parties_state check (state in ('waiting', 'held', 'attached')),
    add column strength text constraint project_parties_strength check (strength in ('weak', 'strong')),
    add column name_then text,
    add column decided_row text,
    add column decided_at timestamptz,
    add column settled_how text
      constraint project_parties_settled_how check (settled_how in ('answer', 'admin', 'hand_over', 'order_no')),
    add column settled_by text,
    add column shown boolean not null default false,
    add column shown_row text,
    add constraint project_parties_attached check (state <> 'attached' or (customer_id is not null and strength is not null)),
    add constraint project_parties_shown check (not shown or state = 'attached');
  create index project_parties_undecided on project_parties (id) where decided_row is null;
  comment on table project_parties is 'Writer: ownership. Order x number: whose an order is, since when and why (D19). A number is only how a person was found.';
  comment on column project_parties.customer_id is 'attached: whose it is; else whose it was last, or null';
  comment on column project_parties.role is 'owner, or what a further viewer is to the order (D17)';
  comment on column project_parties.name is 'whom the order names';
  comment on column project_parties.name_then is 'whom it named when it was attached or settled: another name asks anew';
  comment on column project_parties.strength is 'kept while the number is proven by nobody: whoever proves it again gets back what was his';
  comment on column project_parties.decided_row is 'row of table A (ownership.rules.ts); null: not looked at yet';
  comment on column project_parties.settled_how is 'a person decided: the table leaves it alone while number and name stay';
  comment on column project_parties.shown is 'table B, worked out whenever something it depends on changes';
  comment on column project_parties.confirmed_at is 'a person, or the order number, said that it is his: table B hides nothing of it';

  alter table projects add column imported boolean not null default false;
  create index projects_order_no_upper on projects (upper(order_no));
  comment on column projects.imported is 'came in with many others: when it was loaded says nothing about its age';

  create table number_answers (
    id bigint generated always as identity constraint number_answers_pkey primary key,
    external_userid text not null,
    phone_hmac bytea not null,
    kind text not null constraint number_answers_kind check (kind in ('same', 'changed')),
    since timestamptz,
    answered_at timestamptz not null,
    answered_by text not null,
    reason text,
    constraint number_answers_since check ((kind = 'changed') = (since is not null))
  );
  create index number_answers_number on number_answers (phone_hmac, external_userid, kind);
  comment on table number_answers is 'Writer: customers. A person said that a number is still the contact''s, or no longer: the latter ends every follow before it as a proof (D20).';

  alter table reviews
    add column phone_hmac bytea,
    add column phone_masked text,
    add column answer jsonb,
    add column answered_by text,
    add column answered_at timestamptz,
    add column effective_at timestamptz,
    add column escalated_at timestamptz,
    add constraint reviews_answer check ((answer is null) = (effective_at is null));
  drop index reviews_open_key;
  create unique index reviews_open_key on reviews
    (kind, coalesce(external_userid, ''), coalesce(customer_id, 0), coalesce(member_userid, ''), coalesce(phone_hmac, ''))
    where closed_at is null;
  create unique index reviews_open_number on reviews (phone_hmac) where kind = 'number' and closed_at is null;
  create index reviews_answered on reviews (effective_at) where closed_at is null and effective_at is not null;
  comment on column reviews.phone_hmac is 'kind number: whose number this is now is asked; one open question per number';
  comment on column reviews.effective_at is 'when the answer counts: until then it can be taken back';
  comment on column reviews.escalated_at is 'members did not know, or a working day passed: admins are asked';

  create table question_notices (
    userid text not null,
    day date not null,
    told_at timestamptz not null,
    constraint question_notices_pkey primary key (userid, day)
  );
  comment on table question_notices is 'Writer: questions. Members are told of their open questions at most once a day.';

  create table order_claims (
    id bigint generated always as identity constraint order_claims_pkey primary key,
    customer_id bigint not null references customers (id),
    account_id bigint not null references accounts (id),
    found boolean not null,
    claimed_at timestamptz not null
  );
  create index order_claims_customer on order_claims (customer_id, claimed_at);
  comment on table order_claims is 'Writer: questions. Order numbers that customers typed (没看到订单): three tries a day; the number itself is not kept.';

  update customers set name = null;
  comment on column customers.name is 'the office''s name for him, from his orders and from answers; WeCom''s nickname is contacts.name';
  comment on column customers.bound_by is 'the member who proved the phone; customer: nobody yet (R0.31)';
`)
