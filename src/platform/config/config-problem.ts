import { HeadraceError } from '../errors/headrace-error.ts';

export type Path = readonly (string | number)[];

/** A wrong value: which key, what is wrong with it, what shape it should have. Never holds a secret. */
export interface ConfigProblem {
  /** `['accounts', 0, 'limits', 0, 'rpm']`, or the name of one environment variable. */
  path: Path;
  /** Continues the sentence that the key begins: `is 0`. */
  wrong: string;
  fix: string;
}

/** `['accounts', 0, 'owner_email']` → `accounts[0].owner_email`; names that need it are quoted. */
export function formatPath(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\w-]{1,80}$/.test(part)) return `[${JSON.stringify(part.slice(0, 80))}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

/** The error of the first problem; the others are counted, for they often follow from it. */
export function problemError(
  problems: readonly ConfigProblem[],
  locate: (path: Path) => string = formatPath,
): HeadraceError {
  const [first, ...others] = problems;
  if (!first) return new HeadraceError('config_invalid');
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new HeadraceError('config_invalid', {
    message: `${formatPath(first.path) || 'The document'} ${first.wrong}${more}.`,
    where: locate(first.path),
    fix: first.fix,
  });
}
