import { recordPoolEvent } from '../../accounts/index.ts';
import type { Store } from '../../platform/store/store.ts';

/** What operators have taken out: `provider`, or `provider/model`. */
export async function readDrains(store: Store): Promise<ReadonlySet<string>> {
  const rows = await store.transaction('system', (tx) =>
    tx.query<{ name: string }>(
      `SELECT CASE WHEN model = '' THEN provider ELSE provider || '/' || model END AS name FROM provider_drains`,
    ),
  );
  return new Set(rows.map(({ name }) => name));
}

export interface Drained {
  provider: string;
  /** `null`: all of its models. */
  model: string | null;
}

/** Takes a provider or one of its models out until `resume`; other processes hear of it. */
export async function writeDrain(
  store: Store,
  { provider, model }: Drained,
  command: 'drain' | 'resume',
): Promise<void> {
  await store.transaction('system', async (tx) => {
    const changed =
      command === 'drain'
        ? await tx.query(
            'INSERT INTO provider_drains (provider, model) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
            [provider, model ?? ''],
          )
        : await tx.query(
            // Resuming a provider resumes all of it.
            `DELETE FROM provider_drains WHERE provider = $1 AND ($2 = '' OR model = $2) RETURNING 1`,
            [provider, model ?? ''],
          );
    if (changed.length === 0) return;
    const type = command === 'drain' ? 'provider.drained' : 'provider.resumed';
    await recordPoolEvent(tx, { type, provider, data: { model } });
  });
  store.notify('accounts', provider);
}
