const OLDER_IS_NO_MATTER =
  'findIssueWait asks only about the last day: what is read from longer ago changes no wait'

/** Mutants that no test can tell from the original, by name, with the reason. Others are drawn in their stead. */
export const EQUAL: readonly { id: string; reason: string }[] = [
  {
    id: 'server/features/bind-codes/bind-codes.limits.ts | DAY_MS | 24  =>  24 * 2',
    reason: OLDER_IS_NO_MATTER,
  },
  {
    id: 'server/features/bind-codes/bind-codes.limits.ts | DAY_MS | 3_600_000  =>  3_600_000 * 2',
    reason: OLDER_IS_NO_MATTER,
  },
  {
    id: 'server/features/accounts/accounts.store.ts | ATTEMPT | and f.at > :since  =>  (nothing)',
    reason:
      'toNotice passes over what is older than the same seven days, and newer ones come first',
  },
  {
    id: 'server/features/notices/ledger.store.ts | insertReceipts | receipts.length > 0  =>  true',
    reason: 'Knex sends no statement for an empty list; the condition says so to readers',
  },
  {
    id: "server/features/ties/accounts.store.ts | withPhone | .whereNotNull('account_id')  =>  (nothing)",
    reason: 'the list is compared with ids of accounts, and nothing equals null',
  },
]
