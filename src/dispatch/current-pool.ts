import type { DispatchParts } from './dispatch-parts.ts';
import type { Pool } from './model-directory.ts';
import type { PoolCall } from './pool-call.ts';

/** The call's pool as of now: accounts may have come and gone since it began. */
export function currentPool(
  parts: Pick<DispatchParts, 'directory'>,
  { pool }: Pick<PoolCall, 'pool'>,
): Pool | null {
  const { provider, model, id } = pool.info;
  const directory = parts.directory();
  return directory.find(id) ?? directory.discover(provider, model);
}
