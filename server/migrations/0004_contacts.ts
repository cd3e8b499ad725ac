import type { Knex } from 'knex'

export const up = (db: Knex) =>
  db.raw(`
  create table contacts (
    external_userid text primary key,
    name text,
    type smallint,
    company text,
    unionid text,
    identity_checked_at timestamptz,
    fetched_at timestamptz,
    created_at timestamptz not null default now()
  );
  create index contacts_unionid on contacts (unionid) where unionid is not null;
  comment on table contacts is 'Writer: contacts. Mirror of WeCom external contacts and kf customers.';
  comment on column contacts.identity_checked_at is 'last look-up of the unionid that succeeded; null: never, so an empty unionid must not be read as absent (D15)';

  create table contact_follows (
    external_userid text not null references contacts (external_userid),
    userid text not null,
    add_way integer not null,
    oper_userid text,
    state text,
    remark text,
    remark_mobiles text[] not null default '{}',
    first_mobiles text[],
    mobiles_seen_at timestamptz,
    followed_at timestamptz not null,
    fetched_at timestamptz not null,
    ended_at timestamptz,
    transferred_at timestamptz,
    constraint contact_follows_pkey primary key (external_userid, userid)
  );
  comment on table contact_follows is 'Writer: contacts. One member following one contact, as externalcontact/get told it last.';
  comment on column contact_follows.transferred_at is 'the company gave the contact to another member: what this member proved lives on while anybody follows (D7)';
  comment on column contact_follows.first_mobiles is 'the valid remark mobiles when there first were any: a later change is a review, never evidence (D6)';

  create table wework_customer_events (
    id bigint generated always as identity constraint wework_customer_events_pkey primary key,
    event_type text not null,
    external_userid text not null,
    employee_userid text not null,
    customer_phone text,
    add_way integer,
    state text,
    raw_event_data jsonb,
    followed_at timestamptz,
    callback_id bigint constraint wework_customer_events_callback_id_key unique,
    created_at timestamptz not null default now()
  );
  create index idx_wework_events_external_userid on wework_customer_events (external_userid);
  create index idx_wework_events_phone on wework_customer_events (customer_phone);
  create index idx_wework_events_add_way on wework_customer_events (add_way);
  create unique index wework_customer_events_follow_key
    on wework_customer_events (external_userid, employee_userid, event_type, followed_at);
  comment on table wework_customer_events is 'Writer: contacts. What happened between members and contacts (R0.38).';
  comment on column wework_customer_events.event_type is 'add_external_contact, edit_external_contact, del_external_contact, del_follow_user, ...';
  comment on column wework_customer_events.add_way is 'open integer (D5): 2 is the phone search; unknown values are kept as they come';
  comment on column wework_customer_events.followed_at is 'createtime of the follow this event began: ties an event to the follow it announced, whichever was seen first';
`)
