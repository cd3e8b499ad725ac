import type { Knex } from 'knex'

/**
 * An order that a person has hidden is absent for customers, and lost to nobody. What a customer sees has one name: what is
 * his (table A), shown (table B), and not hidden. Names are found by any part of them: by the letters they are made of; and
 * whoever has a number, without a look at everybody.
 */
export const up = (db: Knex) =>
  db.raw(`
  alter table projects add column hidden_at timestamptz, add column hidden_reason text,
    add constraint projects_hidden check ((hidden_at is null) = (hidden_reason is null));
  comment on column projects.hidden_at is 'a person took it out of every customer''s sight; only a person shows it again, no load does';
  create index projects_hidden_updated on projects (updated_at desc, id desc) where hidden_at is not null;

  create view shown_orders as
    select y.customer_id, y.project_id from project_parties y join projects p on p.id = y.project_id
    where y.state = 'attached' and y.shown and p.hidden_at is null;
  comment on view shown_orders is 'Which orders a customer sees if he may query, as owner or viewer; an order may stand there twice.';

  drop index customers_name, contacts_name;
  create index customers_name_letters on customers using gin (string_to_array(lower(name), null)) where name is not null;
  create index contacts_name_letters on contacts using gin (string_to_array(lower(name), null)) where name is not null;
  create index customers_number on customers (phone_hmac) where merged_into is null;
`)
