import type { Knex } from 'knex'

/** Rooms were cut apart: tables say who writes them now, and two columns that nothing ever wrote go. */
export const up = (db: Knex) =>
  db.raw(`
  comment on table sessions is 'Writer: sessions. Only hashes of session tokens; sliding life; deleted when ended.';
  comment on table customer_accounts is 'Writer: ties. Which account is tied to which customer, with history.';
  comment on table pair_endings is 'Writer: ties. Pairs that somebody ended: an equal unionid alone does not tie them again (D4).';
  comment on table configuration_alarms is 'Writer: ties. What looks wrong with the installation as a whole, not with one customer (D15).';
  comment on table evidence is 'Writer: evidence. Recorded facts E1 to E8 that tie two of account, contact, phone; never a full phone, never a message text.';
  comment on table bind_codes is 'Writer: bind-codes. Bind codes (HMAC) and the one-time nonce of the bind link issued with each.';
  comment on table code_tries is 'Writer: bind-codes. Wrong tries of typed codes, for the rolling limits; the digits are not kept.';
  comment on table code_pauses is 'Writer: bind-codes. Contacts whose typed codes are not looked at for a while; each pause of a contact doubles.';
  comment on table code_alarms is 'Writer: bind-codes. While one lasts, new codes have 8 digits.';
  comment on table temp_bindings is 'Writer: phone-claims. Phones that accounts say are theirs (E6): a hint, never proof (R0.34).';

  alter table customer_accounts drop column end_reason;
  alter table evidence drop column source_hash;
`)
