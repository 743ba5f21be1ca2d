import { isHeadraceError, type NamedProblem } from '../platform/errors/headrace-error.ts';

export interface CliErrorDetails {
  message: string;
  where?: string | undefined;
  fix?: string | undefined;
  /** Everything that is wrong, where it is more than one thing. */
  problems?: readonly NamedProblem[];
  cause?: unknown;
}

/** Something that ends a command and is shown to the person as what, where and what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: string;
  readonly where: string | undefined;
  readonly fix: string | undefined;
  readonly problems: readonly NamedProblem[];

  constructor(code: string, details: CliErrorDetails) {
    super(details.message, { cause: details.cause });
    this.code = code;
    this.where = details.where;
    this.fix = details.fix;
    this.problems = details.problems ?? [];
  }
}

/** Everything that is wrong, each with what to do: a person mends it in one go. */
function listProblems({ code, problems }: Pick<CliError, 'code' | 'problems'>): string {
  const lines = problems.map(({ message, fix }) => `\n  ${message}\n    ${fix}`);
  return `headrace: ${problems.length} things are wrong. [${code}]${lines.join('')}`;
}

/** Two or three lines for standard error; never a stack. */
export function explainError(error: unknown): { code: string; text: string } {
  if (error instanceof CliError || isHeadraceError(error)) {
    if (error.problems.length > 1) return { code: error.code, text: listProblems(error) };
    const where = error.where ? ` (${error.where})` : '';
    const fix = error.fix ? `\n  ${error.fix}` : '';
    return { code: error.code, text: `headrace: ${error.message}${where} [${error.code}]${fix}` };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    text: `headrace: Something failed inside the command: ${reason} [internal]\n  Run again with --log-level debug and report it.`,
  };
}
