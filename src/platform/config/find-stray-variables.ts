import type { ConfigProblem, Path } from './config-problem.ts';
import { isSecret } from './describe-issue.ts';

const maxDepth = 16;

/** Where `${NAME}` stands outside a credential: expanded there, a variable could steer where keys are sent. */
export function findStrayVariables(value: unknown, path: Path = []): ConfigProblem[] {
  if (typeof value === 'string') {
    const isPlace = isSecret(path) && path.at(-1) === 'secret';
    if (isPlace || !value.includes('${')) return [];
    return [
      {
        path,
        wrong: 'holds a "${NAME}", which is expanded only in the secret of a credential',
        fix: 'Write the value itself.',
      },
    ];
  }
  if (typeof value !== 'object' || value === null || path.length > maxDepth) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    findStrayVariables(inner, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}
