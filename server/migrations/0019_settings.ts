import type { Knex } from 'knex'

const FINISHED = [
  'finished',
  'done',
  'completed',
  'closed',
  'archived',
  'delivered',
  'accepted',
  'cancelled',
  'canceled',
  '已完成',
  '已完工',
  '已竣工',
  '完成',
  '完工',
  '竣工',
  '已验收',
  '已交付',
  '交付',
  '已交房',
  '已结束',
  '结束',
  '已归档',
  '归档',
  '已取消',
  '已作废',
]
const RUNNING = [
  'in_progress',
  'in progress',
  'running',
  'active',
  'ongoing',
  '进行中',
  '施工中',
  '设计中',
  '生产中',
  '安装中',
]
const list = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ')

/**
 * What the company decides by itself, and what its words and dates say about each order.
 *
 * An order without a status of its own was kept with 进行中 or 已完成: those two count as stated by nobody. A day on which
 * an order was finished stays only where the order itself tells it, not where it was the day of its load.
 */
export const up = (db: Knex) =>
  db.raw(`
  create table settings (
    key text constraint settings_pkey primary key,
    value jsonb not null,
    updated_at timestamptz not null,
    updated_by text not null
  );
  comment on table settings is 'Writer: settings. What the company decided otherwise than the defaults; one row per field.';

  alter table projects
    add column status_stated boolean not null default false,
    add column status_kind text not null default 'unknown'
      constraint projects_status_kind check (status_kind in ('running', 'finished', 'unknown')),
    add column signed_at timestamptz;
  comment on column projects.status_stated is 'false: the source states no status, the word is ours';
  comment on column projects.status_kind is 'what the stated word means by the settings; without one, finished when all stages are done';
  comment on column projects.signed_at is 'signedAt of the order, else the date in its number by the settings'' pattern';
  comment on column projects.finished_at is 'of a finished one: day of its last stage, else signed_at, else null; never the day of a load';

  update projects set signed_at = (order_info ->> 'signedAt')::timestamptz
  where order_info ->> 'signedAt' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6}){0,1}){0,1}(Z|[+-][0-9]{2}:{0,1}[0-9]{2})$';

  update projects p set status_stated = not (p.status = '进行中' or (p.status = '已完成' and s.all_done))
  from (
    select p.id, count(s.*) > 0 and count(s.*) = count(s.*) filter (where s.status = 'done') as all_done
    from projects p left join project_stages s on s.project_id = p.id group by p.id
  ) s where s.id = p.id;

  update projects p set status_kind = case
    when p.status_stated and lower(btrim(p.status)) in (${list(FINISHED)}) then 'finished'
    when p.status_stated and lower(btrim(p.status)) in (${list(RUNNING)}) then 'running'
    when not p.status_stated then case p.status when '已完成' then 'finished' else 'running' end
    else 'unknown' end;

  update projects p set finished_at = case when p.status_kind = 'finished'
    then coalesce((select max(s.done_at) from project_stages s where s.project_id = p.id), p.signed_at) end;
`)
