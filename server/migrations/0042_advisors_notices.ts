import type { Knex } from 'knex'

/** Advisors hear what customers do, and both sides of a booking hear of each other, by the ledger of notices. */
export const up = (db: Knex) =>
  db.raw(`
  alter table notices alter column account_id drop not null;
  alter table notices add column action_id uuid references customeractions (id) on delete cascade;
  alter table notices add column move_id bigint references booking_moves (id) on delete cascade;
  alter table notices drop constraint notices_kind;
  alter table notices add constraint notices_kind check (kind in ('stage', 'message', 'advisor_action', 'advisor_booking', 'booking_state'));
  alter table notices add constraint notices_account check (account_id is not null or kind in ('advisor_action', 'advisor_booking'));
  alter table notices add constraint notices_action check (kind <> 'advisor_action' or action_id is not null);
  alter table notices add constraint notices_move check (kind not in ('advisor_booking', 'booking_state') or move_id is not null);
  create unique index notices_advisor_subject on notices (kind, subject) where kind in ('advisor_action', 'advisor_booking');
  create index notices_action on notices (action_id);
  create index notices_move on notices (move_id);
  comment on table notices is 'Writer: notices. What a customer or an advisor is to be told, each thing once for each account, or for the advisor; whether he may know it, and whether it is still so, is looked at again when it is sent.';
  comment on column notices.account_id is 'null: an advisor who had no account when it was ordered';
  comment on column notices.subject is 'stage: the project and the stage; message: the request of the service; advisor_action: the action; advisor_booking, booking_state: the move';
`)
