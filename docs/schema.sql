-- Made by `npm run generate` from server/migrations: read it, never run it.

create table access_tokens (
  key_hash text not null,
  token text not null,
  fetched_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint access_tokens_pkey PRIMARY KEY (key_hash)
);
comment on table access_tokens is 'Writer: lib/token-store. Platform tokens shared by all processes, keyed by a keyed hash of the secret.';

create table accounts (
  id bigint generated always as identity not null,
  app text not null,
  openid text not null,
  unionid text,
  created_at timestamp with time zone default now() not null,
  signed_in_at timestamp with time zone default now() not null,
  identity_checked_at timestamp with time zone,
  phone_change_told_at timestamp with time zone,
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_app_openid_key UNIQUE (app, openid),
  constraint accounts_app CHECK ((app = ANY (ARRAY['miniprogram'::text, 'official'::text])))
);
CREATE INDEX accounts_openid ON accounts USING btree (openid);
CREATE INDEX accounts_unionid ON accounts USING btree (unionid) WHERE (unionid IS NOT NULL);
comment on table accounts is 'Writer: accounts. One openid of one app (mini-program or official account).';
comment on column accounts.identity_checked_at is 'last look-up of the unionid that succeeded; null: never, so an empty unionid must not be read as absent (D15)';
comment on column accounts.phone_change_told_at is 'the first sign-in after an admin changed the phone: its pages say so for a day from then on';

create table admin_keys (
  id bigint generated always as identity not null,
  name text not null,
  key_hash bytea not null,
  scope text not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  created_by text,
  last_used_at timestamp with time zone,
  constraint admin_keys_pkey PRIMARY KEY (id),
  constraint admin_keys_key_hash_key UNIQUE (key_hash),
  constraint admin_keys_scope CHECK ((scope = ANY (ARRAY['viewer'::text, 'operator'::text, 'admin'::text, 'service'::text])))
);
comment on table admin_keys is 'Writer: access. Only hashes of the keys of people and programs.';
comment on column admin_keys.last_used_at is 'To the minute: a key that is used all day is not written at each request.';

create table advisor_invitations (
  token_hash bytea not null,
  advisor_id text not null,
  issued_by text not null,
  issued_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint advisor_invitations_pkey PRIMARY KEY (token_hash),
  constraint advisor_invitations_advisor_id_fkey FOREIGN KEY (advisor_id) REFERENCES advisors(id) ON DELETE CASCADE
);
CREATE INDEX advisor_invitations_advisor ON advisor_invitations USING btree (advisor_id, issued_at);
comment on table advisor_invitations is 'Writer: advisors. One-time invitations by which an advisor ties his own account; a newer one ends the older.';

create table advisor_join_tries (
  account_id bigint not null,
  tries integer not null,
  since timestamp with time zone not null,
  constraint advisor_join_tries_pkey PRIMARY KEY (account_id),
  constraint advisor_join_tries_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
comment on table advisor_join_tries is 'Writer: advisors. How many invitations an account has tried in vain, and since when.';

create table advisors (
  id text not null,
  name text not null,
  title text,
  summary text,
  photo_id uuid,
  resume jsonb default '[]'::jsonb not null,
  services text[] default '{}'::text[] not null,
  member_userid text,
  active boolean not null,
  account_id bigint,
  joined_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint advisors_pkey PRIMARY KEY (id),
  constraint advisors_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE SET NULL
);
CREATE UNIQUE INDEX advisors_account ON advisors USING btree (account_id) WHERE (account_id IS NOT NULL);
CREATE UNIQUE INDEX advisors_member ON advisors USING btree (lower(member_userid)) WHERE (member_userid IS NOT NULL);
comment on table advisors is 'Writer: advisors. People of the company whom customers may ask and book; their names and 简历 are shown to every signed-in customer.';
comment on column advisors.resume is 'sections in their order: heading, text, pictures (ids of media)';
comment on column advisors.account_id is 'the account of the mini-program that took the invitation';

create table bind_codes (
  id bigint generated always as identity not null,
  account_id bigint not null,
  code_hmac bytea not null,
  digits smallint not null,
  nonce_hash bytea not null,
  issued_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  status text default 'live'::text not null,
  ended_at timestamp with time zone,
  constraint bind_codes_pkey PRIMARY KEY (id),
  constraint bind_codes_nonce_hash_key UNIQUE (nonce_hash),
  constraint bind_codes_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint bind_codes_status CHECK ((status = ANY (ARRAY['live'::text, 'used'::text, 'superseded'::text, 'expired'::text])))
);
CREATE INDEX bind_codes_account ON bind_codes USING btree (account_id, issued_at);
CREATE INDEX bind_codes_code ON bind_codes USING btree (code_hmac, expires_at);
CREATE UNIQUE INDEX bind_codes_live_code_key ON bind_codes USING btree (code_hmac) WHERE (status = 'live'::text);
CREATE INDEX bind_codes_live_expiry ON bind_codes USING btree (expires_at) WHERE (status = 'live'::text);
comment on table bind_codes is 'Writer: bind-codes. Bind codes (HMAC) and the one-time nonce of the bind link issued with each.';

create table binding_history (
  id bigint generated always as identity not null,
  at timestamp with time zone not null,
  account_id bigint,
  external_userid text,
  customer_id bigint,
  phone_masked text,
  decision text not null,
  outcome text not null,
  actor text not null,
  detail jsonb default '{}'::jsonb not null,
  constraint binding_history_pkey PRIMARY KEY (id),
  constraint binding_history_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint binding_history_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id)
);
CREATE INDEX binding_history_account ON binding_history USING btree (account_id, external_userid, id) WHERE (account_id IS NOT NULL);
CREATE INDEX binding_history_contact ON binding_history USING btree (external_userid) WHERE (external_userid IS NOT NULL);
CREATE INDEX binding_history_customer ON binding_history USING btree (customer_id, id);
comment on table binding_history is 'Writer: customers. Append-only: each decision of the table with the row that took it.';

create table booking_moves (
  id bigint generated always as identity not null,
  booking_id uuid not null,
  state text not null,
  moved_by text not null,
  moved_at timestamp with time zone not null,
  constraint booking_moves_pkey PRIMARY KEY (id),
  constraint booking_moves_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES bookings(id) ON DELETE CASCADE,
  constraint booking_moves_by CHECK ((moved_by = ANY (ARRAY['customer'::text, 'advisor'::text, 'office'::text])))
);
CREATE INDEX booking_moves_booking ON booking_moves USING btree (booking_id, id);
comment on table booking_moves is 'Writer: bookings. How each booking went, with who moved it.';

create table bookings (
  id uuid not null,
  account_id bigint not null,
  advisor_id text not null,
  action_id uuid,
  lead_id uuid,
  customer_name text,
  day date not null,
  part text not null,
  service text not null,
  note text,
  state text default 'new'::text not null,
  booked_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint bookings_pkey PRIMARY KEY (id),
  constraint bookings_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint bookings_action_id_fkey FOREIGN KEY (action_id) REFERENCES customeractions(id) ON DELETE SET NULL,
  constraint bookings_advisor_id_fkey FOREIGN KEY (advisor_id) REFERENCES advisors(id),
  constraint bookings_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads(id) ON DELETE SET NULL,
  constraint bookings_part CHECK ((part = ANY (ARRAY['morning'::text, 'afternoon'::text, 'evening'::text]))),
  constraint bookings_state CHECK ((state = ANY (ARRAY['new'::text, 'contacted'::text, 'confirmed'::text, 'done'::text, 'cancelled'::text])))
);
CREATE INDEX bookings_account ON bookings USING btree (account_id, booked_at DESC, id);
CREATE INDEX bookings_action ON bookings USING btree (action_id) WHERE (action_id IS NOT NULL);
CREATE INDEX bookings_advisor ON bookings USING btree (advisor_id, day DESC, id);
CREATE INDEX bookings_lead ON bookings USING btree (lead_id) WHERE (lead_id IS NOT NULL);
CREATE UNIQUE INDEX bookings_open ON bookings USING btree (account_id, advisor_id, day, part, service) WHERE (state = ANY (ARRAY['new'::text, 'contacted'::text, 'confirmed'::text]));
comment on table bookings is 'Writer: bookings. Visits that customers ask an advisor for; the same one asked for twice is one while it is open.';

create table callback_inbox (
  id bigint generated always as identity not null,
  payload_hash bytea not null,
  source text not null,
  payload text not null,
  received_at timestamp with time zone default now() not null,
  drained_at timestamp with time zone,
  set_aside text,
  constraint callback_inbox_pkey PRIMARY KEY (id),
  constraint callback_inbox_payload_hash_key UNIQUE (payload_hash)
);
CREATE INDEX callback_inbox_set_aside ON callback_inbox USING btree (id) WHERE (set_aside IS NOT NULL);
CREATE INDEX callback_inbox_waiting ON callback_inbox USING btree (id) WHERE (drained_at IS NULL);
comment on table callback_inbox is 'Writer: callbacks. Every verified platform callback, once (platform-facts 1.6); kept 30 days.';
comment on column callback_inbox.payload_hash is 'sha256 of the decrypted payload: identical on the retries of the platform, different for different events';
comment on column callback_inbox.set_aside is 'why nobody could make anything of it; drained without effect, so that it does not hold up those behind it';

create table clock_doubts (
  only_row boolean default true not null,
  door text not null,
  doubted_at timestamp with time zone not null,
  off_seconds integer not null,
  constraint clock_doubts_pkey PRIMARY KEY (only_row),
  constraint clock_doubts_only_row CHECK (only_row)
);
comment on table clock_doubts is 'Writer: lib/clock-doubts. The last authentic callback that was too far from our clock, at most one a minute.';
comment on column clock_doubts.off_seconds is 'how far our clock was ahead of it; negative: behind';

create table code_alarms (
  id bigint generated always as identity not null,
  reason text not null,
  began_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  constraint code_alarms_pkey PRIMARY KEY (id)
);
CREATE INDEX code_alarms_ends_at ON code_alarms USING btree (ends_at);
comment on table code_alarms is 'Writer: bind-codes. While one lasts, new codes have 8 digits.';

create table code_pauses (
  id bigint generated always as identity not null,
  external_userid text not null,
  source_id text not null,
  began_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  constraint code_pauses_pkey PRIMARY KEY (id),
  constraint code_pauses_source_id_key UNIQUE (source_id)
);
CREATE INDEX code_pauses_contact ON code_pauses USING btree (external_userid, ends_at);
comment on table code_pauses is 'Writer: bind-codes. Contacts whose typed codes are not looked at for a while; each pause of a contact doubles.';

create table code_tries (
  id bigint generated always as identity not null,
  external_userid text not null,
  source_id text not null,
  tried_at timestamp with time zone not null,
  to_people boolean default false not null,
  constraint code_tries_pkey PRIMARY KEY (id),
  constraint code_tries_source_id_key UNIQUE (source_id)
);
CREATE INDEX code_tries_contact ON code_tries USING btree (external_userid, tried_at);
CREATE INDEX code_tries_tried_at ON code_tries USING btree (tried_at);
comment on table code_tries is 'Writer: bind-codes. Wrong tries of typed codes, for the rolling limits; the digits are not kept.';
comment on column code_tries.to_people is 'sent while a human had the chat: a postcode or a date, most likely; raises no pause and no alarm';

create table configuration_alarms (
  kind text not null,
  raised_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint configuration_alarms_pkey PRIMARY KEY (kind)
);
comment on table configuration_alarms is 'Writer: ties. What looks wrong with the installation as a whole, not with one customer (D15).';

create table contact_follows (
  external_userid text not null,
  userid text not null,
  add_way integer not null,
  oper_userid text,
  state text,
  remark text,
  remark_mobiles text[] default '{}'::text[] not null,
  first_mobiles text[],
  mobiles_seen_at timestamp with time zone,
  followed_at timestamp with time zone not null,
  fetched_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  transferred_at timestamp with time zone,
  missed_pulls smallint default 0 not null,
  constraint contact_follows_pkey PRIMARY KEY (external_userid, userid),
  constraint contact_follows_external_userid_fkey FOREIGN KEY (external_userid) REFERENCES contacts(external_userid)
);
CREATE INDEX contact_follows_member ON contact_follows USING btree (userid) WHERE (ended_at IS NULL);
comment on table contact_follows is 'Writer: contacts. One member following one contact, as externalcontact/get told it last.';
comment on column contact_follows.first_mobiles is 'the valid remark mobiles when there first were any: a later change is a review, never evidence (D6)';
comment on column contact_follows.fetched_at is 'when WeCom was asked; an answer to an older question does not replace a newer one';
comment on column contact_follows.transferred_at is 'the company gave the contact to another member: what this member proved lives on while anybody follows (D7)';
comment on column contact_follows.missed_pulls is 'complete pulls in a row that did not show this follow: two that agree end it (D7)';

create table contacts (
  external_userid text not null,
  name text,
  type smallint,
  company text,
  unionid text,
  identity_checked_at timestamp with time zone,
  fetched_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  constraint contacts_pkey PRIMARY KEY (external_userid)
);
CREATE INDEX contacts_name_letters ON contacts USING gin (string_to_array(lower(name), NULL::text)) WHERE (name IS NOT NULL);
CREATE INDEX contacts_unionid ON contacts USING btree (unionid) WHERE (unionid IS NOT NULL);
comment on table contacts is 'Writer: contacts. Mirror of WeCom external contacts and kf customers.';
comment on column contacts.identity_checked_at is 'last look-up of the unionid that succeeded; null: never, so an empty unionid must not be read as absent (D15)';

create table cron_fires (
  name text not null,
  slot timestamp with time zone not null,
  fired_at timestamp with time zone default now() not null,
  constraint cron_fires_pkey PRIMARY KEY (name, slot)
);
comment on table cron_fires is 'Writer: lib/cron. One row per schedule and slot: the first process to insert it does the work.';

create table customer_accounts (
  id bigint generated always as identity not null,
  customer_id bigint not null,
  account_id bigint not null,
  app text not null,
  external_userid text not null,
  evidence_id bigint not null,
  tied_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_by text,
  told_in_chat boolean default false not null,
  tied_by text,
  constraint customer_accounts_pkey PRIMARY KEY (id),
  constraint customer_accounts_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint customer_accounts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id)
);
CREATE INDEX customer_accounts_account ON customer_accounts USING btree (account_id, id);
CREATE INDEX customer_accounts_contact ON customer_accounts USING btree (external_userid);
CREATE INDEX customer_accounts_customer ON customer_accounts USING btree (customer_id);
CREATE INDEX customer_accounts_ended_at ON customer_accounts USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE UNIQUE INDEX customer_accounts_one_customer ON customer_accounts USING btree (account_id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX customer_accounts_one_per_app ON customer_accounts USING btree (customer_id, app) WHERE (ended_at IS NULL);
CREATE INDEX customer_accounts_tied_at ON customer_accounts USING btree (tied_at);
comment on table customer_accounts is 'Writer: ties. Which account is tied to which customer, with history.';
comment on column customer_accounts.told_in_chat is 'the contact made the tie in its own chat, which tells the result; else it is told elsewhere (D22)';
comment on column customer_accounts.tied_by is 'the row of the decision table that tied; null: from before that was kept';

create table customeractions (
  id uuid not null,
  account_id bigint not null,
  advisor_id text not null,
  action_type text not null,
  lead_id uuid,
  created_lead boolean not null,
  customer_name text,
  times integer default 1 not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  constraint customeractions_pkey PRIMARY KEY (id),
  constraint customeractions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint customeractions_advisor_id_fkey FOREIGN KEY (advisor_id) REFERENCES advisors(id),
  constraint customeractions_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads(id) ON DELETE SET NULL,
  constraint customeractions_type CHECK ((action_type = ANY (ARRAY['view_resume'::text, 'contact_advisor'::text, 'book_service'::text, 'view_project'::text])))
);
CREATE INDEX customeractions_account ON customeractions USING btree (account_id, advisor_id, action_type, last_at DESC);
CREATE INDEX customeractions_advisor ON customeractions USING btree (advisor_id, last_at DESC, id);
CREATE INDEX customeractions_lead ON customeractions USING btree (lead_id) WHERE (lead_id IS NOT NULL);
comment on table customeractions is 'Writer: leads. What customers did about advisors; what is repeated within the quiet time is one row that counts.';

create table customers (
  id bigint generated always as identity not null,
  customer_no text generated always as (('CUS'::text || lpad((id)::text, 11, '0'::text))) stored,
  name text,
  company text,
  phone text,
  phone_hmac bytea,
  wework_userid text,
  wechat_openid text,
  binding_status text default 'unbound'::text not null,
  bound_at timestamp with time zone,
  bound_by text,
  suspended_reason text,
  merged_into bigint,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint customers_pkey PRIMARY KEY (id),
  constraint customers_customer_no_key UNIQUE (customer_no),
  constraint customers_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES customers(id),
  constraint chk_binding_status CHECK ((binding_status = ANY (ARRAY['unbound'::text, 'partial'::text, 'bound'::text]))),
  constraint customers_phone_hmac CHECK (((phone IS NULL) = (phone_hmac IS NULL)))
);
CREATE INDEX customers_merged_into ON customers USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX customers_name_letters ON customers USING gin (string_to_array(lower(name), NULL::text)) WHERE (name IS NOT NULL);
CREATE INDEX customers_number ON customers USING btree (phone_hmac) WHERE (merged_into IS NULL);
CREATE UNIQUE INDEX customers_phone_key ON customers USING btree (phone) WHERE (merged_into IS NULL);
CREATE INDEX customers_unstated ON customers USING btree (id) WHERE ((phone IS NULL) AND (merged_into IS NULL) AND (binding_status = 'bound'::text));
CREATE INDEX idx_customers_binding_status ON customers USING btree (binding_status);
CREATE INDEX idx_customers_wechat_openid ON customers USING btree (wechat_openid);
CREATE UNIQUE INDEX idx_customers_wework_userid ON customers USING btree (wework_userid) WHERE (merged_into IS NULL);
comment on table customers is 'Writer: customers. One person: at most one phone, one contact, one account per app (D4, D14).';
comment on column customers.name is 'the office''s name for him, from his orders and from answers; WeCom''s nickname is contacts.name';
comment on column customers.wework_userid is 'external_userid of the WeCom contact (the name is R0.29''s)';
comment on column customers.binding_status is 'unbound: nothing known; partial: one side known; bound: account and contact tied (R0.32)';
comment on column customers.bound_by is 'the member who proved the phone; customer: nobody yet (R0.31)';
comment on column customers.suspended_reason is 'set: the permission rests until an admin has looked (D15)';

create table erasure_marks (
  kind text not null,
  hmac bytea not null,
  erased_at timestamp with time zone not null,
  returned_at timestamp with time zone,
  constraint erasure_marks_pkey PRIMARY KEY (kind, hmac),
  constraint erasure_marks_kind CHECK ((kind = ANY (ARRAY['contact'::text, 'note'::text])))
);
comment on table erasure_marks is 'Writer: erasures. Keyed hashes of contacts that were erased, and of numbers noted at others: what began before is not stored again.';
comment on column erasure_marks.returned_at is 'when he came anew by himself: wrote, or was added again';

create table erasures (
  id bigint generated always as identity not null,
  customer_id bigint,
  erased_at timestamp with time zone not null,
  erased_by text not null,
  counts jsonb not null,
  constraint erasures_pkey PRIMARY KEY (id)
);
CREATE INDEX erasures_customer ON erasures USING btree (customer_id) WHERE (customer_id IS NOT NULL);
comment on table erasures is 'Writer: erasures. Who was erased, by number alone, and how much: a second time finds it done.';

create table evidence (
  id bigint generated always as identity not null,
  kind text not null,
  account_id bigint,
  external_userid text,
  customer_id bigint,
  phone_hmac bytea,
  phone_masked text,
  member_userid text,
  event_id bigint,
  source_id text,
  reason text,
  observed_at timestamp with time zone not null,
  valid_until timestamp with time zone,
  revoked_at timestamp with time zone,
  revoked_reason text,
  created_at timestamp with time zone default now() not null,
  constraint evidence_pkey PRIMARY KEY (id),
  constraint evidence_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint evidence_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint evidence_event_id_fkey FOREIGN KEY (event_id) REFERENCES wework_customer_events(id),
  constraint evidence_kind CHECK ((kind = ANY (ARRAY['kf_code'::text, 'kf_link'::text, 'unionid'::text, 'ticket'::text, 'phone_search'::text, 'phone_claim'::text, 'manual'::text, 'phone_button'::text])))
);
CREATE INDEX evidence_account ON evidence USING btree (account_id) WHERE (account_id IS NOT NULL);
CREATE INDEX evidence_contact ON evidence USING btree (external_userid) WHERE (external_userid IS NOT NULL);
CREATE INDEX evidence_customer ON evidence USING btree (customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX evidence_event ON evidence USING btree (event_id) WHERE (event_id IS NOT NULL);
CREATE INDEX evidence_phone ON evidence USING btree (phone_hmac) WHERE (phone_hmac IS NOT NULL);
CREATE UNIQUE INDEX evidence_phone_search_key ON evidence USING btree (external_userid, member_userid, phone_hmac) WHERE ((kind = 'phone_search'::text) AND (revoked_at IS NULL));
CREATE UNIQUE INDEX evidence_source_key ON evidence USING btree (kind, source_id) WHERE (source_id IS NOT NULL);
comment on table evidence is 'Writer: evidence. Recorded facts E1 to E8 that tie two of account, contact, phone; never a full phone, never a message text.';

create table import_rows (
  import_id bigint not null,
  line integer not null,
  order_no text,
  cells jsonb,
  outcome text,
  state text,
  named boolean,
  reason text,
  constraint import_rows_pkey PRIMARY KEY (import_id, line),
  constraint import_rows_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id) ON DELETE CASCADE,
  constraint import_rows_outcome CHECK ((outcome = ANY (ARRAY['created'::text, 'changed'::text, 'unchanged'::text, 'skipped'::text, 'rejected'::text])))
);
CREATE INDEX import_rows_number ON import_rows USING btree (import_id, order_no, line);
CREATE INDEX import_rows_rejected ON import_rows USING btree (import_id, line) WHERE (outcome = 'rejected'::text);
CREATE INDEX import_rows_waiting ON import_rows USING btree (import_id, line) WHERE (outcome IS NULL);
comment on table import_rows is 'Writer: imports. What was in a file is kept until its order is loaded; of rejected rows as long as the import.';
comment on column import_rows.state is 'of the owner''s party, after the load';

create table imports (
  id bigint generated always as identity not null,
  format text not null,
  mode text not null,
  dry_run boolean not null,
  state text not null,
  header jsonb,
  rows integer not null,
  operator text not null,
  request_id text not null,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  constraint imports_pkey PRIMARY KEY (id),
  constraint imports_format CHECK ((format = ANY (ARRAY['csv'::text, 'xlsx'::text, 'json'::text]))),
  constraint imports_mode CHECK ((mode = ANY (ARRAY['append'::text, 'replace'::text]))),
  constraint imports_state CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'finished'::text, 'stopped'::text, 'failed'::text])))
);
CREATE INDEX imports_created ON imports USING btree (created_at);
comment on table imports is 'Writer: imports. Files of orders that were taken in; with their rows they are kept for seven days.';
comment on column imports.header is 'the first row of a sheet: its headings, and which column of an order each is';

create table installation (
  id boolean default true not null,
  kind text not null,
  secret_fingerprint text,
  created_at timestamp with time zone default now() not null,
  constraint installation_pkey PRIMARY KEY (id),
  constraint installation_kind CHECK ((kind = ANY (ARRAY['sandbox'::text, 'real'::text]))),
  constraint installation_one_row CHECK (id)
);
comment on table installation is 'Writer: lib/migrate. Which world this database belongs to; a server of the other world refuses to start.';

create table kf_cursors (
  open_kfid text not null,
  cursor text not null,
  updated_at timestamp with time zone default now() not null,
  served_by_people_at timestamp with time zone,
  constraint kf_cursors_pkey PRIMARY KEY (open_kfid)
);
comment on table kf_cursors is 'Writer: kf. Where the next sync_msg page begins; moves only with the messages of the page.';
comment on column kf_cursors.served_by_people_at is 'when last a customer''s first word was found in the hands of a servicer: the bot cannot answer there';

create table kf_messages (
  id bigint generated always as identity not null,
  open_kfid text not null,
  msgid text not null,
  external_userid text,
  origin text not null,
  intent jsonb not null,
  sent_at timestamp with time zone not null,
  received_at timestamp with time zone default now() not null,
  handled_at timestamp with time zone,
  outcome text,
  constraint kf_messages_pkey PRIMARY KEY (id),
  constraint kf_messages_msgid_key UNIQUE (open_kfid, msgid)
);
CREATE INDEX kf_messages_contact ON kf_messages USING btree (external_userid, sent_at);
CREATE INDEX kf_messages_waiting ON kf_messages USING btree (external_userid, id) WHERE (handled_at IS NULL);
comment on table kf_messages is 'Writer: kf. Every kf item once. Holds what we understood (intent), never the words of the customer; a code only as HMAC.';

create table lane_jobs (
  id bigint generated always as identity not null,
  lane text not null,
  name text not null,
  payload jsonb not null,
  key text,
  run_at timestamp with time zone not null,
  attempts smallint default 0 not null,
  max_attempts smallint not null,
  locked_at timestamp with time zone,
  locked_by text,
  last_error text,
  created_at timestamp with time zone default now() not null,
  constraint lane_jobs_pkey PRIMARY KEY (id),
  constraint lane_jobs_lane_length CHECK (((length(lane) >= 1) AND (length(lane) <= 128)))
);
CREATE INDEX lane_jobs_busy ON lane_jobs USING btree (lane) WHERE (locked_by IS NOT NULL);
CREATE UNIQUE INDEX lane_jobs_key ON lane_jobs USING btree (key) WHERE ((key IS NOT NULL) AND (locked_by IS NULL));
CREATE INDEX lane_jobs_lane ON lane_jobs USING btree (lane, run_at, id);
CREATE INDEX lane_jobs_ready ON lane_jobs USING btree (run_at, id) WHERE ((locked_by IS NULL) AND (attempts < max_attempts));
comment on table lane_jobs is 'Writer: lib/lanes. Jobs that run one after the other in their lane, one lane per contact; deleted when done.';
comment on column lane_jobs.locked_by is 'the process that does it, by the name of the lock that it holds while it lives';

create table leads (
  id uuid not null,
  account_id bigint not null,
  phone text not null,
  customer_no text not null,
  name text,
  source text default '其他'::text not null,
  state text default '待定'::text not null,
  created_by text not null,
  advisor_id text not null,
  remark text not null,
  note text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint leads_pkey PRIMARY KEY (id),
  constraint leads_account_phone_key UNIQUE (account_id, phone),
  constraint leads_customer_no_key UNIQUE (customer_no),
  constraint leads_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint leads_advisor_id_fkey FOREIGN KEY (advisor_id) REFERENCES advisors(id)
);
CREATE INDEX leads_advisor ON leads USING btree (advisor_id, created_at DESC, id);
CREATE INDEX leads_phone ON leads USING btree (phone);
comment on table leads is 'Writer: leads. A phone that an account stated to an advisor for the first time; says nothing about whose the phone is.';
comment on column leads.customer_no is 'CUS and 11 digits of chance, of this lead alone: not the number of a customer';
comment on column leads.created_by is 'the advisor whom it was stated to (R2.13)';
comment on column leads.advisor_id is 'who looks after it now';

create table media (
  id uuid not null,
  account_id bigint,
  member_userid text,
  key_name text,
  subject_kind text,
  subject_id text,
  bytes integer not null,
  width integer not null,
  height integer not null,
  sha256 bytea not null,
  created_at timestamp with time zone not null,
  attached_at timestamp with time zone,
  removed_at timestamp with time zone,
  constraint media_pkey PRIMARY KEY (id),
  constraint media_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint media_attached CHECK ((num_nulls(subject_kind, subject_id, attached_at) = ANY (ARRAY[0, 3]))),
  constraint media_uploader CHECK ((num_nonnulls(account_id, member_userid, key_name) = 1))
);
CREATE INDEX media_account ON media USING btree (account_id, created_at) WHERE (account_id IS NOT NULL);
CREATE INDEX media_key ON media USING btree (key_name, created_at) WHERE (key_name IS NOT NULL);
CREATE INDEX media_loose ON media USING btree (created_at) WHERE ((subject_kind IS NULL) AND (removed_at IS NULL));
CREATE INDEX media_member ON media USING btree (member_userid, created_at) WHERE (member_userid IS NOT NULL);
CREATE INDEX media_removed ON media USING btree (removed_at) WHERE (removed_at IS NOT NULL);
CREATE INDEX media_subject ON media USING btree (subject_kind, subject_id) WHERE (subject_kind IS NOT NULL);
comment on table media is 'Writer: media. Pictures that customers, members or the office have uploaded; each is written to the store before its row is.';
comment on column media.subject_kind is 'what it belongs to, by the room that keeps that; without one it goes after a day';
comment on column media.bytes is 'of both sizes together';
comment on column media.sha256 is 'of the large size';
comment on column media.removed_at is 'nobody gets it any more; the row goes after the files';

create table member_failures (
  userid text not null,
  failed_at timestamp with time zone not null,
  constraint member_failures_pkey PRIMARY KEY (userid)
);
comment on table member_failures is 'Writer: members. When a look at a member failed last: until one succeeds he comes after all others, so that five who always fail do not stop every round before them.';

create table member_roles (
  userid text not null,
  role text not null,
  given_at timestamp with time zone not null,
  given_by text not null,
  constraint member_roles_role CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'admin'::text])))
);
CREATE UNIQUE INDEX member_roles_userid ON member_roles USING btree (lower(userid));
comment on table member_roles is 'Writer: access. Members of the company who may do an admin''s work; they come in through WeCom.';

create table members (
  userid text not null,
  name text,
  standing text not null,
  checked_at timestamp with time zone not null,
  constraint members_pkey PRIMARY KEY (userid),
  constraint members_standing CHECK ((standing = ANY (ARRAY['active'::text, 'disabled'::text, 'gone'::text, 'hidden'::text])))
);
CREATE INDEX members_named ON members USING btree (name) WHERE (name IS NOT NULL);
comment on table members is 'Writer: members. Members of the company who matter here (signed in, or followed by a customer), as WeCom told of them last.';
comment on column members.name is 'null: WeCom never told one; kept when he is gone or hidden';
comment on column members.standing is 'disabled: by an administrator; gone: left the company; hidden: outside the visible range of the app';
comment on column members.checked_at is 'when WeCom was asked; an answer to an older question does not replace a newer one';

create table notice_alarms (
  kind text not null,
  raised_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint notice_alarms_pkey PRIMARY KEY (kind)
);
comment on table notice_alarms is 'Writer: notices. Configuration that WeChat refused, by template and reason: said once, until a message by that template is taken again.';

create table notice_consent_ends (
  account_id bigint not null,
  template_id text not null,
  ended_at timestamp with time zone not null,
  constraint notice_consent_ends_pkey PRIMARY KEY (account_id, template_id),
  constraint notice_consent_ends_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
comment on table notice_consent_ends is 'Writer: notices. What was accepted until then counts no more, however late it is told: WeChat said that none is left (43101), or the customer turned it off.';

create table notice_consents (
  id bigint generated always as identity not null,
  account_id bigint not null,
  template_id text not null,
  given_at timestamp with time zone not null,
  source text not null,
  spent_at timestamp with time zone,
  constraint notice_consents_pkey PRIMARY KEY (id),
  constraint notice_consents_given_key UNIQUE (account_id, template_id, given_at),
  constraint notice_consents_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint notice_consents_source CHECK ((source = ANY (ARRAY['push'::text, 'client'::text])))
);
CREATE INDEX notice_consents_left ON notice_consents USING btree (account_id, template_id, given_at) WHERE (spent_at IS NULL);
comment on table notice_consents is 'Writer: notices. Each acceptance of a template, which allows one message; whoever sends takes one before.';
comment on column notice_consents.given_at is 'push: whole seconds of WeChat''s clock, by which a repetition is known';
comment on column notice_consents.spent_at is 'taken for a message, or void since WeChat or the customer said that none is left';

create table notice_receipts (
  account_id bigint not null,
  template_id text not null,
  msgid text not null,
  errcode text not null,
  noted_at timestamp with time zone not null,
  constraint notice_receipts_pkey PRIMARY KEY (account_id, msgid),
  constraint notice_receipts_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
comment on table notice_receipts is 'Writer: notices. What WeChat''s push said became of a message; it decides about those whose answer was lost.';

create table notice_sendings (
  notice_id bigint not null,
  way text not null,
  target text not null,
  taken_at timestamp with time zone,
  tries integer default 1 not null,
  outcome text,
  reason text,
  consent_id bigint,
  template_id text,
  msgid text,
  constraint notice_sendings_pkey PRIMARY KEY (notice_id, way),
  constraint notice_sendings_target_key UNIQUE (way, target),
  constraint notice_sendings_consent_id_fkey FOREIGN KEY (consent_id) REFERENCES notice_consents(id) ON DELETE SET NULL,
  constraint notice_sendings_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES notices(id) ON DELETE CASCADE,
  constraint notice_sendings_outcome CHECK ((outcome = ANY (ARRAY['sent'::text, 'presumed'::text, 'refused'::text, 'unknown'::text]))),
  constraint notice_sendings_way CHECK ((way = ANY (ARRAY['subscribe'::text, 'kf'::text, 'official'::text, 'staff'::text])))
);
CREATE INDEX notice_sendings_consent ON notice_sendings USING btree (consent_id);
CREATE INDEX notice_sendings_msgid ON notice_sendings USING btree (msgid) WHERE (msgid IS NOT NULL);
CREATE INDEX notice_sendings_staff ON notice_sendings USING btree (notice_id) WHERE ((way = 'staff'::text) AND (taken_at IS NULL));
comment on table notice_sendings is 'Writer: notices. Which ways were taken for a notice, each at most once: written before it is sent, its outcome after.';
comment on column notice_sendings.target is 'whom it reaches by this way: what two of his accounts would say in one chat is said once';
comment on column notice_sendings.taken_at is 'null: members are to be told, and were not yet';
comment on column notice_sendings.outcome is 'null: being sent, or who sent it died; presumed: a second try found the consent spent, so the first arrived';

create table notices (
  id bigint generated always as identity not null,
  kind text not null,
  subject text not null,
  account_id bigint,
  project_id uuid,
  stage text,
  state text default 'waiting'::text not null,
  reason text,
  ordered_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  action_id uuid,
  move_id bigint,
  constraint notices_pkey PRIMARY KEY (id),
  constraint notices_subject_key UNIQUE (account_id, kind, subject),
  constraint notices_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint notices_action_id_fkey FOREIGN KEY (action_id) REFERENCES customeractions(id) ON DELETE CASCADE,
  constraint notices_move_id_fkey FOREIGN KEY (move_id) REFERENCES booking_moves(id) ON DELETE CASCADE,
  constraint notices_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE,
  constraint notices_account CHECK (((account_id IS NOT NULL) OR (kind = ANY (ARRAY['advisor_action'::text, 'advisor_booking'::text])))),
  constraint notices_action CHECK (((kind <> 'advisor_action'::text) OR (action_id IS NOT NULL))),
  constraint notices_kind CHECK ((kind = ANY (ARRAY['stage'::text, 'message'::text, 'advisor_action'::text, 'advisor_booking'::text, 'booking_state'::text]))),
  constraint notices_move CHECK (((kind <> ALL (ARRAY['advisor_booking'::text, 'booking_state'::text])) OR (move_id IS NOT NULL))),
  constraint notices_stage CHECK (((kind <> 'stage'::text) OR ((project_id IS NOT NULL) AND (stage IS NOT NULL)))),
  constraint notices_state CHECK ((state = ANY (ARRAY['waiting'::text, 'unknown'::text, 'told'::text, 'dropped'::text, 'failed'::text])))
);
CREATE INDEX notices_action ON notices USING btree (action_id);
CREATE UNIQUE INDEX notices_advisor_subject ON notices USING btree (kind, subject) WHERE (kind = ANY (ARRAY['advisor_action'::text, 'advisor_booking'::text]));
CREATE INDEX notices_move ON notices USING btree (move_id);
CREATE INDEX notices_project ON notices USING btree (project_id);
comment on table notices is 'Writer: notices. What a customer or an advisor is to be told, each thing once for each account, or for the advisor; whether he may know it, and whether it is still so, is looked at again when it is sent.';
comment on column notices.subject is 'stage: the project and the stage; message: the request of the service; advisor_action: the action; advisor_booking, booking_state: the move';
comment on column notices.account_id is 'null: an advisor who had no account when it was ordered';
comment on column notices.state is 'waiting; unknown: it left, and nobody knows whether it arrived; told; dropped: his right had ended or it was no news any more; failed: no way was open';

create table number_answers (
  id bigint generated always as identity not null,
  external_userid text not null,
  phone_hmac bytea not null,
  kind text not null,
  since timestamp with time zone,
  answered_at timestamp with time zone not null,
  answered_by text not null,
  reason text,
  constraint number_answers_pkey PRIMARY KEY (id),
  constraint number_answers_kind CHECK ((kind = ANY (ARRAY['same'::text, 'changed'::text]))),
  constraint number_answers_since CHECK (((kind = 'changed'::text) = (since IS NOT NULL)))
);
CREATE INDEX number_answers_contact ON number_answers USING btree (external_userid);
CREATE INDEX number_answers_number ON number_answers USING btree (phone_hmac, external_userid, kind);
comment on table number_answers is 'Writer: customers. A person said that a number is still the contact''s, or no longer: the latter ends every follow before it as a proof (D20).';

create table official_followers (
  account_id bigint not null,
  wrote_at timestamp with time zone,
  acted_at timestamp with time zone,
  left_at timestamp with time zone,
  constraint official_followers_pkey PRIMARY KEY (account_id),
  constraint official_followers_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);
comment on table official_followers is 'Writer: official-account. When a follower of the official account last did something: it decides whether the account may write to him by itself.';
comment on column official_followers.wrote_at is 'last message: opens 48 h';
comment on column official_followers.acted_at is 'last subscription or menu tap: opens a minute';
comment on column official_followers.left_at is 'unsubscribed; null: follows, as far as known';

create table official_notices (
  kind text not null,
  subject text not null,
  account_id bigint,
  way text not null,
  ordered_at timestamp with time zone not null,
  taken_at timestamp with time zone,
  constraint official_notices_pkey PRIMARY KEY (kind, subject),
  constraint official_notices_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint official_notices_kind CHECK ((kind = ANY (ARRAY['answer'::text, 'bound'::text, 'tied'::text, 'unbound'::text, 'warning'::text, 'news'::text]))),
  constraint official_notices_way CHECK ((way = ANY (ARRAY['reply'::text, 'message'::text, 'none'::text])))
);
CREATE INDEX official_notices_account ON official_notices USING btree (account_id) WHERE (account_id IS NOT NULL);
CREATE INDEX official_notices_sent ON official_notices USING btree (account_id, taken_at) WHERE (way = 'message'::text);
comment on table official_notices is 'Writer: official-account. What was said in the official account, each thing once: the answer to a push, and what happened to a tie.';
comment on column official_notices.subject is 'answer: hash of the key of the push; bound, unbound: id of the tie; tied: id of the tie of another account, and who is told; warning: what it is about';
comment on column official_notices.way is 'reply: the answer to the push itself; message: a customer-service message; none: it could not be said';
comment on column official_notices.taken_at is 'set before a message is sent; null: ordered, or released because it certainly did not leave';

create table operation_log (
  id bigint generated always as identity not null,
  at timestamp with time zone default now() not null,
  operator_userid text not null,
  operation text not null,
  target_type text not null,
  target_id text not null,
  before jsonb,
  after jsonb,
  reason text,
  operation_detail text,
  request_id text,
  constraint operation_log_pkey PRIMARY KEY (id)
);
CREATE INDEX operation_log_operator ON operation_log USING btree (operator_userid, operation, at);
CREATE INDEX operation_log_target ON operation_log USING btree (target_type, target_id, id);
CREATE INDEX operation_log_what ON operation_log USING btree (operation, id);
comment on table operation_log is 'Writer: audit. Everything an admin or staff member changed: who, what, before, after, why (R0.63). Phones masked.';

create table order_claims (
  id bigint generated always as identity not null,
  customer_id bigint not null,
  account_id bigint not null,
  found boolean not null,
  claimed_at timestamp with time zone not null,
  constraint order_claims_pkey PRIMARY KEY (id),
  constraint order_claims_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint order_claims_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id)
);
CREATE INDEX order_claims_account ON order_claims USING btree (account_id);
CREATE INDEX order_claims_customer ON order_claims USING btree (customer_id, claimed_at);
comment on table order_claims is 'Writer: questions. Order numbers that customers typed (没看到订单): three tries a day; the number itself is not kept.';

create table pair_endings (
  id bigint generated always as identity not null,
  account_id bigint not null,
  external_userid text not null,
  ended_at timestamp with time zone not null,
  ended_by text not null,
  constraint pair_endings_pkey PRIMARY KEY (id),
  constraint pair_endings_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint pair_endings_by CHECK ((ended_by = ANY (ARRAY['customer'::text, 'contact'::text, 'not_me'::text, 'admin'::text])))
);
CREATE INDEX pair_endings_contact ON pair_endings USING btree (external_userid);
CREATE INDEX pair_endings_pair ON pair_endings USING btree (account_id, external_userid);
comment on table pair_endings is 'Writer: ties. Pairs that somebody ended: an equal unionid alone does not tie them again (D4).';
comment on column pair_endings.ended_by is 'customer: the account itself, in its app; contact: in the chat; not_me: before it was bound; admin';

create table pending_bindings (
  id uuid not null,
  account_id bigint not null,
  external_userid text not null,
  open_kfid text not null,
  via text not null,
  bind_code_id bigint,
  source_id text not null,
  welcome_code text,
  state text default 'open'::text not null,
  reason text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  welcome_until timestamp with time zone,
  constraint pending_bindings_pkey PRIMARY KEY (id),
  constraint pending_bindings_bind_code_id_key UNIQUE (bind_code_id),
  constraint pending_bindings_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint pending_bindings_bind_code_id_fkey FOREIGN KEY (bind_code_id) REFERENCES bind_codes(id),
  constraint pending_bindings_state CHECK ((state = ANY (ARRAY['open'::text, 'bound'::text, 'refused'::text, 'expired'::text, 'superseded'::text]))),
  constraint pending_bindings_via CHECK ((via = ANY (ARRAY['kf_code'::text, 'kf_link'::text, 'ticket'::text])))
);
CREATE INDEX pending_bindings_account ON pending_bindings USING btree (account_id, created_at);
CREATE INDEX pending_bindings_contact ON pending_bindings USING btree (external_userid);
CREATE UNIQUE INDEX pending_bindings_one_per_account ON pending_bindings USING btree (account_id) WHERE (state = 'open'::text);
CREATE UNIQUE INDEX pending_bindings_one_per_contact ON pending_bindings USING btree (external_userid) WHERE (state = 'open'::text);
comment on table pending_bindings is 'Writer: binding. A code or link that a contact has used, until the tap, a refusal or the end of its 10 minutes.';
comment on column pending_bindings.welcome_until is 'until when welcome_code is good (20 s after the customer came in); null: an old process wrote it';

create table platform_media (
  name text not null,
  media_id text not null,
  uploaded_at timestamp with time zone not null,
  constraint platform_media_pkey PRIMARY KEY (name)
);
comment on table platform_media is 'Writer: welcome. Pictures uploaded to WeCom, which keeps them three days.';

create table project_equipment (
  project_id uuid not null,
  position smallint not null,
  name text not null,
  model text,
  serial_no text,
  installed_at timestamp with time zone,
  warranty_until timestamp with time zone,
  constraint project_equipment_pkey PRIMARY KEY (project_id, "position"),
  constraint project_equipment_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE
);
comment on table project_equipment is 'Writer: projects. The equipment file (设备档案).';

create table project_parties (
  project_id uuid not null,
  customer_id bigint,
  role text not null,
  phone_hmac bytea not null,
  confirmed_at timestamp with time zone,
  created_at timestamp with time zone not null,
  id bigint generated always as identity not null,
  name text,
  state text default 'waiting'::text not null,
  strength text,
  name_then text,
  decided_row text,
  decided_at timestamp with time zone,
  settled_how text,
  settled_by text,
  shown boolean default false not null,
  shown_row text,
  constraint project_parties_pkey PRIMARY KEY (id),
  constraint project_parties_number_key UNIQUE (project_id, phone_hmac),
  constraint project_parties_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint project_parties_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE,
  constraint project_parties_attached CHECK (((state <> 'attached'::text) OR ((customer_id IS NOT NULL) AND (strength IS NOT NULL)))),
  constraint project_parties_settled_how CHECK ((settled_how = ANY (ARRAY['answer'::text, 'admin'::text, 'hand_over'::text, 'order_no'::text]))),
  constraint project_parties_shown CHECK (((NOT shown) OR (state = 'attached'::text))),
  constraint project_parties_state CHECK ((state = ANY (ARRAY['waiting'::text, 'held'::text, 'attached'::text]))),
  constraint project_parties_strength CHECK ((strength = ANY (ARRAY['weak'::text, 'strong'::text])))
);
CREATE INDEX project_parties_customer ON project_parties USING btree (customer_id);
CREATE INDEX project_parties_phone ON project_parties USING btree (phone_hmac);
CREATE INDEX project_parties_undecided ON project_parties USING btree (id) WHERE (decided_row IS NULL);
comment on table project_parties is 'Writer: ownership. Order x number: whose an order is, since when and why (D19). A number is only how a person was found.';
comment on column project_parties.customer_id is 'attached: whose it is; else whose it was last, or null';
comment on column project_parties.role is 'owner, or what a further viewer is to the order (D17)';
comment on column project_parties.confirmed_at is 'a person, or the order number, said that it is his: table B hides nothing of it';
comment on column project_parties.name is 'whom the order names';
comment on column project_parties.strength is 'kept while the number is proven by nobody: whoever proves it again gets back what was his';
comment on column project_parties.name_then is 'whom it named when it was attached or settled: another name asks anew';
comment on column project_parties.decided_row is 'row of table A (ownership.rules.ts); null: not looked at yet';
comment on column project_parties.settled_how is 'a person decided: the table leaves it alone while number and name stay';
comment on column project_parties.shown is 'table B, worked out whenever something it depends on changes';

create table project_stages (
  project_id uuid not null,
  position smallint not null,
  name text not null,
  status text not null,
  planned_at timestamp with time zone,
  done_at timestamp with time zone,
  note text,
  constraint project_stages_pkey PRIMARY KEY (project_id, "position"),
  constraint project_stages_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE,
  constraint project_stages_status CHECK ((status = ANY (ARRAY['pending'::text, 'active'::text, 'done'::text])))
);
comment on table project_stages is 'Writer: projects.';

create table projects (
  id uuid default gen_random_uuid() not null,
  order_no text not null,
  title text not null,
  status text not null,
  stage text,
  address text,
  designer_userid text,
  project_manager_userid text,
  order_info jsonb default '{}'::jsonb not null,
  finished_at timestamp with time zone,
  content_hash bytea not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone not null,
  imported boolean default false not null,
  status_stated boolean default false not null,
  status_kind text default 'unknown'::text not null,
  signed_at timestamp with time zone,
  stages_done integer default 0 not null,
  stages_total integer default 0 not null,
  hidden_at timestamp with time zone,
  hidden_reason text,
  next_at timestamp with time zone,
  constraint projects_pkey PRIMARY KEY (id),
  constraint projects_order_no_key UNIQUE (order_no),
  constraint projects_hidden CHECK (((hidden_at IS NULL) = (hidden_reason IS NULL))),
  constraint projects_status_kind CHECK ((status_kind = ANY (ARRAY['running'::text, 'finished'::text, 'unknown'::text])))
);
CREATE INDEX projects_designer ON projects USING btree (designer_userid) WHERE (designer_userid IS NOT NULL);
CREATE INDEX projects_hidden_updated ON projects USING btree (updated_at DESC, id DESC) WHERE (hidden_at IS NOT NULL);
CREATE INDEX projects_manager ON projects USING btree (project_manager_userid) WHERE (project_manager_userid IS NOT NULL);
CREATE INDEX projects_number_begins ON projects USING btree (upper(order_no) text_pattern_ops);
CREATE INDEX projects_order_no_upper ON projects USING btree (upper(order_no));
CREATE INDEX projects_title_begins ON projects USING btree (upper(title) text_pattern_ops);
CREATE INDEX projects_updated ON projects USING btree (updated_at DESC, id DESC);
comment on table projects is 'Writer: projects. A customer''s order and how far it is; stages, equipment and parties beside it.';
comment on column projects.finished_at is 'of a finished one: day of its last stage, else signed_at, else null; never the day of a load';
comment on column projects.imported is 'came in with many others: when it was loaded says nothing about its age';
comment on column projects.status_stated is 'false: the source states no status, the word is ours';
comment on column projects.status_kind is 'what the stated word means by the settings; without one, finished when all stages are done';
comment on column projects.signed_at is 'signedAt of the order, else the date in its number by the settings'' pattern';
comment on column projects.stages_done is 'Of its project_stages, written with them.';
comment on column projects.stages_total is 'Number of its project_stages, written with them.';
comment on column projects.hidden_at is 'a person took it out of every customer''s sight; only a person shows it again, no load does';
comment on column projects.next_at is 'When the stage it is at is planned to be done, of its project_stages, written with them.';

create table question_notices (
  userid text not null,
  day date not null,
  told_at timestamp with time zone not null,
  constraint question_notices_pkey PRIMARY KEY (userid, day)
);
comment on table question_notices is 'Writer: questions. Members are told of their open questions at most once a day.';

create table reconciliations (
  id bigint generated always as identity not null,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  complete boolean default false not null,
  report jsonb default '{}'::jsonb not null,
  constraint reconciliations_pkey PRIMARY KEY (id)
);
comment on table reconciliations is 'Writer: contacts. What each pull of all contacts saw and repaired.';

create table reviews (
  id bigint generated always as identity not null,
  kind text not null,
  external_userid text,
  customer_id bigint,
  member_userid text,
  detail jsonb default '{}'::jsonb not null,
  opened_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  closed_by text,
  close_reason text,
  phone_hmac bytea,
  phone_masked text,
  answer jsonb,
  answered_by text,
  answered_at timestamp with time zone,
  effective_at timestamp with time zone,
  escalated_at timestamp with time zone,
  constraint reviews_pkey PRIMARY KEY (id),
  constraint reviews_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint reviews_answer CHECK (((answer IS NULL) = (effective_at IS NULL)))
);
CREATE INDEX reviews_answered ON reviews USING btree (effective_at) WHERE ((closed_at IS NULL) AND (effective_at IS NOT NULL));
CREATE INDEX reviews_contact ON reviews USING btree (external_userid) WHERE (external_userid IS NOT NULL);
CREATE INDEX reviews_customer ON reviews USING btree (customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX reviews_member ON reviews USING btree (member_userid) WHERE (closed_at IS NULL);
CREATE INDEX reviews_number ON reviews USING btree (phone_hmac) WHERE (phone_hmac IS NOT NULL);
CREATE INDEX reviews_open ON reviews USING btree (id) WHERE (closed_at IS NULL);
CREATE UNIQUE INDEX reviews_open_key ON reviews USING btree (kind, COALESCE(external_userid, ''::text), COALESCE(customer_id, (0)::bigint), COALESCE(member_userid, ''::text), COALESCE(phone_hmac, '\x'::bytea)) WHERE (closed_at IS NULL);
CREATE UNIQUE INDEX reviews_open_number ON reviews USING btree (phone_hmac) WHERE ((kind = 'number'::text) AND (closed_at IS NULL));
comment on table reviews is 'Writer: reviews. What a person must look at before it counts (D6, D14, D15).';
comment on column reviews.phone_hmac is 'kind number: whose number this is now is asked; one open question per number';
comment on column reviews.effective_at is 'when the answer counts: until then it can be taken back';
comment on column reviews.escalated_at is 'members did not know, or a working day passed: admins are asked';

create table rights_requests (
  id bigint generated always as identity not null,
  account_id bigint,
  customer_id bigint,
  kind text not null,
  requested_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  closed_by text,
  outcome text,
  reason text,
  constraint rights_requests_pkey PRIMARY KEY (id),
  constraint rights_requests_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE SET NULL,
  constraint rights_requests_closed CHECK (((closed_at IS NULL) = (outcome IS NULL))),
  constraint rights_requests_kind CHECK ((kind = ANY (ARRAY['export'::text, 'erase'::text]))),
  constraint rights_requests_outcome CHECK ((outcome = ANY (ARRAY['done'::text, 'declined'::text])))
);
CREATE INDEX rights_requests_account ON rights_requests USING btree (account_id, requested_at);
CREATE INDEX rights_requests_closed_ones ON rights_requests USING btree (id) WHERE (closed_at IS NOT NULL);
CREATE UNIQUE INDEX rights_requests_one_open ON rights_requests USING btree (account_id, kind) WHERE (closed_at IS NULL);
CREATE INDEX rights_requests_open ON rights_requests USING btree (id) WHERE (closed_at IS NULL);
comment on table rights_requests is 'Writer: rights. What customers ask for in the mini-program: what is kept of them, or its end.';
comment on column rights_requests.account_id is 'null: the account was erased';
comment on column rights_requests.customer_id is 'whose account it was when the request was closed; no row may be left of him';

create table sessions (
  token_hash bytea not null,
  account_id bigint not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  constraint sessions_pkey PRIMARY KEY (token_hash),
  constraint sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);
CREATE INDEX sessions_account_id ON sessions USING btree (account_id);
CREATE INDEX sessions_expires_at ON sessions USING btree (expires_at);
comment on table sessions is 'Writer: sessions. Only hashes of session tokens; sliding life; deleted when ended.';

create table settings (
  key text not null,
  value jsonb not null,
  updated_at timestamp with time zone not null,
  updated_by text not null,
  constraint settings_pkey PRIMARY KEY (key)
);
comment on table settings is 'Writer: settings. What the company decided otherwise than the defaults; one row per field.';

create table staff_bound_notices (
  customer_id bigint not null,
  kind text not null,
  told_at timestamp with time zone not null,
  constraint staff_bound_notices_pkey PRIMARY KEY (customer_id, kind),
  constraint staff_bound_notices_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id) ON DELETE CASCADE,
  constraint staff_bound_notices_kind CHECK ((kind = ANY (ARRAY['unstated'::text, 'added_otherwise'::text])))
);
comment on table staff_bound_notices is 'Writer: staff. Bound customers of whom members were told, because nobody knows their phone or it was proven by nothing: at most once each.';

create table staff_notices (
  claim_id bigint not null,
  told_at timestamp with time zone not null,
  constraint staff_notices_pkey PRIMARY KEY (claim_id),
  constraint staff_notices_claim_id_fkey FOREIGN KEY (claim_id) REFERENCES temp_bindings(id) ON DELETE CASCADE
);
comment on table staff_notices is 'Writer: staff. Claims that staff were told about: at most once each.';

create table staff_sessions (
  token_hash bytea not null,
  userid text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint staff_sessions_pkey PRIMARY KEY (token_hash)
);
CREATE INDEX staff_sessions_expires_at ON staff_sessions USING btree (expires_at);
comment on table staff_sessions is 'Writer: staff. Members signed in to the H5 pages; only hashes of the cookies, 12 hours, deleted when ended.';

create table staff_tie_notices (
  tie_id bigint not null,
  kind text not null,
  told_at timestamp with time zone not null,
  constraint staff_tie_notices_pkey PRIMARY KEY (tie_id, kind),
  constraint staff_tie_notices_tie_id_fkey FOREIGN KEY (tie_id) REFERENCES customer_accounts(id) ON DELETE CASCADE,
  constraint staff_tie_notices_kind CHECK ((kind = ANY (ARRAY['made'::text, 'ended'::text])))
);
comment on table staff_tie_notices is 'Writer: staff. Ties that members were told about: at most once each, made and ended.';

create table temp_bindings (
  id bigint generated always as identity not null,
  account_id bigint not null,
  wechat_openid text not null,
  phone_number text not null,
  phone_hmac bytea not null,
  status text default 'waiting'::text not null,
  rival_of bigint,
  contested_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  bound_at timestamp with time zone,
  constraint temp_bindings_pkey PRIMARY KEY (id),
  constraint temp_bindings_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint temp_bindings_rival_of_fkey FOREIGN KEY (rival_of) REFERENCES temp_bindings(id),
  constraint chk_temp_binding_status CHECK ((status = ANY (ARRAY['waiting'::text, 'bound'::text, 'expired'::text])))
);
CREATE INDEX idx_temp_bindings_expires_at ON temp_bindings USING btree (expires_at);
CREATE INDEX idx_temp_bindings_phone ON temp_bindings USING btree (phone_number);
CREATE INDEX idx_temp_bindings_status ON temp_bindings USING btree (status);
CREATE INDEX temp_bindings_account ON temp_bindings USING btree (account_id, created_at);
CREATE UNIQUE INDEX temp_bindings_one_per_account ON temp_bindings USING btree (phone_number, account_id) WHERE (status = 'waiting'::text);
CREATE UNIQUE INDEX temp_bindings_one_waiting ON temp_bindings USING btree (phone_number) WHERE ((status = 'waiting'::text) AND (rival_of IS NULL));
CREATE INDEX temp_bindings_phone_hmac ON temp_bindings USING btree (phone_hmac);
CREATE INDEX temp_bindings_rival_of ON temp_bindings USING btree (rival_of) WHERE (rival_of IS NOT NULL);
CREATE INDEX temp_bindings_waiting ON temp_bindings USING btree (phone_hmac, id) WHERE (status = 'waiting'::text);
comment on table temp_bindings is 'Writer: phone-claims. Phones that accounts say are theirs (E6): a hint, never proof (R0.34).';
comment on column temp_bindings.phone_number is 'the phone while it waits; masked once the claim is over, phone_hmac remains';
comment on column temp_bindings.status is 'waiting: no salesperson has added the phone yet; bound: added; expired: 48 hours passed (R0.37)';
comment on column temp_bindings.rival_of is 'set: another account had claimed this phone first; both are contested';
comment on column temp_bindings.expires_at is 'created_at + 48 hours';

create table tickets (
  id uuid not null,
  token_hash bytea not null,
  kind text not null,
  pending_id uuid,
  external_userid text not null,
  issued_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  used_by bigint,
  outcome text,
  member_userid text,
  constraint tickets_pkey PRIMARY KEY (id),
  constraint tickets_token_hash_key UNIQUE (token_hash),
  constraint tickets_pending_id_fkey FOREIGN KEY (pending_id) REFERENCES pending_bindings(id),
  constraint tickets_used_by_fkey FOREIGN KEY (used_by) REFERENCES accounts(id),
  constraint tickets_kind CHECK ((kind = ANY (ARRAY['kf'::text, 'welcome'::text])))
);
CREATE INDEX tickets_contact ON tickets USING btree (external_userid);
CREATE INDEX tickets_pending ON tickets USING btree (pending_id);
CREATE INDEX tickets_used_by ON tickets USING btree (used_by) WHERE (used_by IS NOT NULL);
CREATE UNIQUE INDEX tickets_welcome_key ON tickets USING btree (external_userid, member_userid, issued_at) WHERE (kind = 'welcome'::text);
comment on table tickets is 'Writer: binding. One-time tickets sent to one contact''s chat; the token is derived from the id, only its hash is kept.';
comment on column tickets.member_userid is 'welcome tickets: the member whose welcome carried it';

create table wework_customer_events (
  id bigint generated always as identity not null,
  event_type text not null,
  external_userid text not null,
  employee_userid text not null,
  customer_phone text,
  add_way integer,
  state text,
  raw_event_data jsonb,
  followed_at timestamp with time zone,
  callback_id bigint,
  created_at timestamp with time zone default now() not null,
  constraint wework_customer_events_pkey PRIMARY KEY (id),
  constraint wework_customer_events_callback_id_key UNIQUE (callback_id)
);
CREATE INDEX idx_wework_events_add_way ON wework_customer_events USING btree (add_way);
CREATE INDEX idx_wework_events_external_userid ON wework_customer_events USING btree (external_userid);
CREATE INDEX idx_wework_events_phone ON wework_customer_events USING btree (customer_phone);
CREATE UNIQUE INDEX wework_customer_events_follow_key ON wework_customer_events USING btree (external_userid, employee_userid, event_type, followed_at);
CREATE INDEX wework_events_of_contact ON wework_customer_events USING btree (external_userid, id);
comment on table wework_customer_events is 'Writer: contacts. What happened between members and contacts (R0.38).';
comment on column wework_customer_events.event_type is 'add_external_contact, edit_external_contact, del_external_contact, del_follow_user, ...';
comment on column wework_customer_events.add_way is 'open integer (D5): 2 is the phone search; unknown values are kept as they come';
comment on column wework_customer_events.followed_at is 'createtime of the follow this event began: ties an event to the follow it announced, whichever was seen first';

create view account_access as
 SELECT t.account_id,
    c.id AS customer_id,
    c.phone,
    c.wework_userid AS external_userid,
    c.binding_status,
    c.binding_status = 'bound'::text AND c.suspended_reason IS NULL AND (EXISTS ( SELECT 1
           FROM evidence e
          WHERE e.revoked_at IS NULL AND (e.valid_until IS NULL OR e.valid_until > now()) AND e.phone_hmac = c.phone_hmac AND (e.kind = 'phone_search'::text AND e.external_userid = c.wework_userid AND (EXISTS ( SELECT 1
                   FROM wework_customer_events v
                  WHERE v.id = e.event_id AND v.event_type = 'add_external_contact'::text AND v.add_way = 2 AND v.external_userid = c.wework_userid AND v.customer_phone = c.phone)) OR e.kind = 'manual'::text AND e.customer_id = c.id))) AS may_query
   FROM customer_accounts t
     JOIN customers c ON c.id = t.customer_id
  WHERE t.ended_at IS NULL AND c.merged_into IS NULL;
comment on view account_access is 'Which customer an account is tied to, and whether it may see projects.';

create view foiled_attempts as
 SELECT used_by AS account_id,
    external_userid,
    used_at AS at
   FROM tickets
  WHERE outcome = 'other'::text;
comment on view foiled_attempts is 'An account opened the card of an attempt that another account had begun in this contact''s chat (D3): whom to tell.';

create view live_ties as
 SELECT id,
    customer_id,
    account_id,
    app,
    external_userid,
    evidence_id,
    tied_at,
    tied_by
   FROM customer_accounts
  WHERE ended_at IS NULL;
comment on view live_ties is 'Which account is tied to which customer now.';

create view phone_changes as
 SELECT id,
    customer_id,
    at
   FROM binding_history
  WHERE decision = 'an admin changed the phone'::text AND outcome = 'change phone'::text;
comment on view phone_changes is 'When an admin gave a customer another phone, which must be earned again (D9).';

create view shown_orders as
 SELECT y.customer_id,
    y.project_id
   FROM project_parties y
     JOIN projects p ON p.id = y.project_id
  WHERE y.state = 'attached'::text AND y.shown AND p.hidden_at IS NULL;
comment on view shown_orders is 'Which orders a customer sees if he may query, as owner or viewer; an order may stand there twice.';

create view stated_phones as
 SELECT id,
    account_id,
    OVERLAY(phone_number PLACING '****'::text FROM 4 FOR 4) AS phone_masked,
    status,
    created_at,
    expires_at
   FROM temp_bindings;
comment on view stated_phones is 'What accounts have said their phones are, masked; of an account the latest counts. Whoever reads compares expires_at with a clock.';

create view tie_news as
 SELECT t.id AS tie_id,
    t.account_id,
    t.app,
    t.customer_id,
    t.external_userid,
    t.tied_at,
    t.tied_by,
    t.ended_at,
    p.ended_by,
    NOT t.told_in_chat AS silent,
    a.unionid IS NOT NULL AND (EXISTS ( SELECT 1
           FROM customer_accounts o
             JOIN accounts b ON b.id = o.account_id
          WHERE o.external_userid = t.external_userid AND o.id < t.id AND (o.ended_at IS NULL OR o.ended_at > t.tied_at) AND b.unionid = a.unionid)) AS further_app
   FROM customer_accounts t
     JOIN accounts a ON a.id = t.account_id
     LEFT JOIN pair_endings p ON p.account_id = t.account_id AND p.external_userid = t.external_userid AND p.ended_at = t.ended_at;
comment on view tie_news is 'How each tie was made and ended, and whether the chat of the contact said so. further_app: the same WeChat user was tied already, by another app.';

create view waiting_claims as
 SELECT id,
    account_id,
    phone_number,
    phone_hmac,
    rival_of,
    contested_at,
    created_at,
    expires_at
   FROM temp_bindings
  WHERE status = 'waiting'::text;
comment on view waiting_claims is 'Phones that accounts say are theirs, neither come true nor given up. Whoever reads compares expires_at with a clock.';
