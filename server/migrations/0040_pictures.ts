import type { Knex } from 'knex'

/** Pictures that people upload; what is in them lies in the store of objects (docs/decisions/media.md). */
export const up = (db: Knex) =>
  db.raw(`
  create table media (
    id uuid primary key,
    account_id bigint references accounts (id),
    member_userid text,
    key_name text,
    subject_kind text,
    subject_id text,
    bytes integer not null,
    width integer not null,
    height integer not null,
    sha256 bytea not null,
    created_at timestamptz not null,
    attached_at timestamptz,
    removed_at timestamptz,
    constraint media_uploader check (num_nonnulls(account_id, member_userid, key_name) = 1),
    constraint media_attached check (num_nulls(subject_kind, subject_id, attached_at) in (0, 3))
  );
  create index media_account on media (account_id, created_at) where account_id is not null;
  create index media_member on media (member_userid, created_at) where member_userid is not null;
  create index media_key on media (key_name, created_at) where key_name is not null;
  create index media_subject on media (subject_kind, subject_id) where subject_kind is not null;
  create index media_loose on media (created_at) where subject_kind is null and removed_at is null;
  create index media_removed on media (removed_at) where removed_at is not null;
  comment on table media is 'Writer: media. Pictures that customers, members or the office have uploaded; each is written to the store before its row is.';
  comment on column media.subject_kind is 'what it belongs to, by the room that keeps that; without one it goes after a day';
  comment on column media.bytes is 'of both sizes together';
  comment on column media.sha256 is 'of the large size';
  comment on column media.removed_at is 'nobody gets it any more; the row goes after the files';
`)
