import type { Knex } from 'knex'

/** A ledger of consents to subscribe messages, and what was sent by it or another way: each notice once. */
export const up = (db: Knex) =>
  db.raw(`
  create table notices (
    id bigint generated always as identity constraint notices_pkey primary key,
    kind text not null constraint notices_kind check (kind in ('stage', 'message')),
    subject text not null,
    account_id bigint not null references accounts (id) on delete cascade,
    project_id uuid references projects (id) on delete cascade,
    stage text,
    state text not null default 'waiting' constraint notices_state check (state in ('waiting', 'unknown', 'told', 'dropped', 'failed')),
    reason text,
    ordered_at timestamptz not null,
    ended_at timestamptz,
    constraint notices_subject_key unique (account_id, kind, subject),
    constraint notices_stage check (kind <> 'stage' or (project_id is not null and stage is not null))
  );
  create index notices_project on notices (project_id);
  comment on table notices is 'Writer: notices. What a customer is to be told, each thing once for each account; his right is looked at again when it is sent.';
  comment on column notices.subject is 'stage: the project and the stage; message: the request of the service';
  comment on column notices.state is 'waiting; unknown: it left, and nobody knows whether it arrived; told; dropped: his right had ended or it was no news any more; failed: no way was open';

  create table notice_consents (
    id bigint generated always as identity constraint notice_consents_pkey primary key,
    account_id bigint not null references accounts (id) on delete cascade,
    template_id text not null,
    given_at timestamptz not null,
    source text not null constraint notice_consents_source check (source in ('push', 'client')),
    spent_at timestamptz,
    constraint notice_consents_given_key unique (account_id, template_id, given_at)
  );
  create index notice_consents_left on notice_consents (account_id, template_id, given_at) where spent_at is null;
  comment on table notice_consents is 'Writer: notices. Each acceptance of a template, which allows one message; whoever sends takes one before.';
  comment on column notice_consents.given_at is 'push: whole seconds of WeChat''s clock, by which a repetition is known';
  comment on column notice_consents.spent_at is 'taken for a message, or void since WeChat or the customer said that none is left';

  create table notice_consent_ends (
    account_id bigint not null references accounts (id) on delete cascade,
    template_id text not null,
    ended_at timestamptz not null,
    constraint notice_consent_ends_pkey primary key (account_id, template_id)
  );
  comment on table notice_consent_ends is 'Writer: notices. What was accepted until then counts no more, however late it is told: WeChat said that none is left (43101), or the customer turned it off.';

  create table notice_sendings (
    notice_id bigint not null references notices (id) on delete cascade,
    way text not null constraint notice_sendings_way check (way in ('subscribe', 'kf', 'official', 'staff')),
    target text not null,
    taken_at timestamptz,
    tries integer not null default 1,
    outcome text constraint notice_sendings_outcome check (outcome in ('sent', 'presumed', 'refused', 'unknown')),
    reason text,
    consent_id bigint references notice_consents (id) on delete set null,
    template_id text,
    msgid text,
    constraint notice_sendings_pkey primary key (notice_id, way),
    constraint notice_sendings_target_key unique (way, target)
  );
  create index notice_sendings_msgid on notice_sendings (msgid) where msgid is not null;
  create index notice_sendings_staff on notice_sendings (notice_id) where way = 'staff' and taken_at is null;
  create index notice_sendings_consent on notice_sendings (consent_id);
  comment on table notice_sendings is 'Writer: notices. Which ways were taken for a notice, each at most once: written before it is sent, its outcome after.';
  comment on column notice_sendings.target is 'whom it reaches by this way: what two of his accounts would say in one chat is said once';
  comment on column notice_sendings.taken_at is 'null: members are to be told, and were not yet';
  comment on column notice_sendings.outcome is 'null: being sent, or who sent it died; presumed: a second try found the consent spent, so the first arrived';

  create table notice_receipts (
    account_id bigint not null references accounts (id) on delete cascade,
    template_id text not null,
    msgid text not null,
    errcode text not null,
    noted_at timestamptz not null,
    constraint notice_receipts_pkey primary key (account_id, msgid)
  );
  comment on table notice_receipts is 'Writer: notices. What WeChat''s push said became of a message; it decides about those whose answer was lost.';

  create table notice_alarms (
    kind text not null constraint notice_alarms_pkey primary key,
    raised_at timestamptz not null,
    ended_at timestamptz
  );
  comment on table notice_alarms is 'Writer: notices. Configuration that WeChat refused, by template and reason: said once, until a message by that template is taken again.';

  alter table official_notices drop constraint official_notices_kind;
  alter table official_notices add constraint official_notices_kind check (kind in ('answer', 'bound', 'tied', 'unbound', 'warning', 'news'));
`)
