import { classOf } from '../../accounts/index.ts';
import type { Pool } from '../model-directory.ts';

/** Calls that the pool's accounts together may have out; `Infinity` where one of them has no such limit. */
export function limitOf({ accounts, info }: Pick<Pool, 'accounts' | 'info'>): number {
  return accounts.reduce((sum, { limits }) => {
    const modelClass = classOf(limits, info.model);
    const rule = limits.find((each) => classOf([each], info.model) === modelClass);
    return sum + (rule?.concurrency ?? Number.POSITIVE_INFINITY);
  }, 0);
}
