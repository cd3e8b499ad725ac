import type { Knex } from 'knex'

/** Members are told of who is bound and cannot be added, or was added in a way that proves nothing: of each once. */
export const up = (db: Knex) =>
  db.raw(`
  create table staff_bound_notices (
    customer_id bigint not null references customers (id) on delete cascade,
    kind text not null constraint staff_bound_notices_kind check (kind in ('unstated', 'added_otherwise')),
    told_at timestamptz not null,
    primary key (customer_id, kind)
  );
  comment on table staff_bound_notices is 'Writer: staff. Bound customers of whom members were told, because nobody knows their phone or it was proven by nothing: at most once each.';

  create index customers_unstated on customers (id) where phone is null and merged_into is null and binding_status = 'bound';
`)
