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

/** A problem whose place is known: `headrace.yaml:3:5`, or the name of a variable. */
export interface LocatedProblem extends ConfigProblem {
  where: string;
}

/** Where no line of a file is known, the path says it. */
export function atTheirPaths(problems: readonly ConfigProblem[]): LocatedProblem[] {
  return problems.map((problem) => ({ ...problem, where: formatPath(problem.path) }));
}

const mostShown = 20;

/** The error of everything that is wrong: a person mends it in one go, not one start at a time. */
export function problemError(problems: readonly LocatedProblem[]): HeadraceError {
  const [first, ...others] = problems;
  if (!first) return new HeadraceError('config_invalid');
  if (others.length === 0) {
    return new HeadraceError('config_invalid', {
      message: `${sentenceOf(first)}.`,
      where: first.where,
      fix: first.fix,
    });
  }
  const lines = problems
    .slice(0, mostShown)
    .map((problem) => `\n  ${placeOf(problem)}${sentenceOf(problem)}. ${problem.fix}`);
  const more = problems.length > mostShown ? `\n  … and ${problems.length - mostShown} more` : '';
  return new HeadraceError('config_invalid', {
    message: `${problems.length} values of the configuration are wrong:${lines.join('')}${more}`,
    fix: 'Change each of them as its line says.',
  });
}

/** A variable is its own place. */
function placeOf({ where, path }: LocatedProblem): string {
  return where === formatPath(path) ? '' : `${where}: `;
}

function sentenceOf({ path, wrong }: ConfigProblem): string {
  return `${formatPath(path) || 'The document'} ${wrong}`;
}
