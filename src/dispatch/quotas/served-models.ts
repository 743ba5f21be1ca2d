import type { Account } from '../../accounts/index.ts';
import type { ModelDirectory } from '../model-directory.ts';

/** The models that an account may be asked for, and the class in which each counts there. */
export function servedModels(
  directory: ModelDirectory,
  { id, provider }: Account,
): { model: string; modelClass: string }[] {
  return directory.list().flatMap((info) => {
    if (info.provider !== provider) return [];
    const own = directory.find(info.id)?.candidates.find(({ accountId }) => accountId === id);
    return own ? [{ model: info.model, modelClass: own.modelClass }] : [];
  });
}
