import type { Knex } from 'knex'

/**
 * What the customer's pages say of his way: the phone that he stated, masked, and whether its time has passed; that somebody
 * tried to bind himself by this customer's chat; that an admin changed his phone, until he has had time to read it. And when
 * the stage that an order is at is planned to be done, which stands with the order like the count of its stages.
 */
export const up = (db: Knex) =>
  db.raw(`
  create view stated_phones as
    select id, account_id, overlay(phone_number placing '****' from 4 for 4) as phone_masked, status, created_at, expires_at from temp_bindings;
  comment on view stated_phones is 'What accounts have said their phones are, masked; of an account the latest counts. Whoever reads compares expires_at with a clock.';

  create view foiled_attempts as
    select used_by as account_id, external_userid, used_at as at from tickets where outcome = 'other';
  comment on view foiled_attempts is 'An account opened the card of an attempt that another account had begun in this contact''s chat (D3): whom to tell.';

  create view phone_changes as
    select id, customer_id, at from binding_history where decision = 'an admin changed the phone' and outcome = 'change phone';
  comment on view phone_changes is 'When an admin gave a customer another phone, which must be earned again (D9).';

  alter table accounts add phone_change_told_at timestamptz;
  comment on column accounts.phone_change_told_at is 'the first sign-in after an admin changed the phone: its pages say so for a day from then on';

  alter table projects add next_at timestamptz;
  comment on column projects.next_at is 'When the stage it is at is planned to be done, of its project_stages, written with them.';
  update projects p set next_at = s.planned_at
  from (
    select distinct on (project_id) project_id, planned_at from project_stages where status <> 'done'
    order by project_id, (status = 'active') desc, position
  ) s
  where s.project_id = p.id and s.planned_at is not null;
`)
