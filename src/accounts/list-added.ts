import type { Store } from '../platform/store/store.ts';

/** The ids of the accounts that were added through the API or the command line, whatever their state. */
export async function listAdded(store: Store): Promise<string[]> {
  const rows = await store.transaction('system', (tx) =>
    tx.query<{ id: string }>(`SELECT id FROM accounts WHERE managed_by = 'api' ORDER BY id`),
  );
  return rows.map(({ id }) => id);
}
