import type { Dispatch } from '../../dispatch/index.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';

/** Throws `no_accounts` before anything is accepted that no model could ever answer. */
export function requireAccounts(dispatch: Pick<Dispatch, 'models'>): void {
  if (dispatch.models().length === 0) throw new HeadraceError('no_accounts');
}
