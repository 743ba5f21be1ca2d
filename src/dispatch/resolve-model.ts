import { closestName } from '../platform/config/closest-name.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import type { ModelDirectory, Pool } from './model-directory.ts';

/**
 * A name as people write it → the pool that serves it: an alias, `provider/model`, or a bare model name
 * that exactly one provider serves.
 * @throws HeadraceError `no_accounts`, `model_unknown`
 */
export function resolveModel(
  directory: ModelDirectory,
  aliases: Readonly<Record<string, string>>,
  name: string,
): Pool {
  if (directory.accounts.length === 0) throw new HeadraceError('no_accounts');
  const target = Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
  const exact = directory.find(target) ?? discover(directory, target);
  if (exact) return exact;
  const bare = directory.list().filter(({ model }) => model === target);
  const [only, ...others] = bare;
  if (only && others.length === 0)
    return directory.find(only.id) ?? unknown(directory, name, target);
  if (only) {
    throw new HeadraceError('model_unknown', {
      message: `${shown(name)} is served by several providers.`,
      fix: `Name one of them: ${bare.map(({ id }) => id).join(', ')}.`,
    });
  }
  return unknown(directory, name, target);
}

function discover(directory: ModelDirectory, target: string): Pool | null {
  const slash = target.indexOf('/');
  if (slash <= 0 || target.length > 200 || /\s/.test(target)) return null;
  return directory.discover(target.slice(0, slash), target.slice(slash + 1));
}

function unknown(directory: ModelDirectory, name: string, target: string): never {
  const close = closest(
    target,
    directory.list().flatMap(({ id, model }) => [id, model]),
  );
  const about = target === name ? shown(name) : `${shown(name)} (an alias of ${target})`;
  throw new HeadraceError('model_unknown', {
    message: `No account serves ${about}.`,
    ...(close
      ? {
          fix: `Did you mean ${close}? ./headrace models list (GET /v1/models) shows what can be called.`,
        }
      : {}),
  });
}

function closest(target: string, names: readonly string[]): string | null {
  // `closestName` takes hyphens and underscores for the same.
  const spelled = new Map(names.map((name) => [name.replaceAll('-', '_'), name]));
  return spelled.get(closestName(target, [...spelled.keys()]) ?? '') ?? null;
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}
