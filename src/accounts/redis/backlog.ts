import type { Clock } from '../../platform/clock.ts';
import type { Operation } from './operation.ts';
import type { Scope } from './scopes.ts';

/** What the server could not be told when it happened. */
export interface Backlog {
  keep(scope: Scope, operation: Operation): void;
  /** Tells all of it, in order; what was not taken stays for the next time. */
  tell(): Promise<void>;
}

/** In pieces, so that the server is not held up by one long call. */
const toldAtOnce = 500;
/** What is older than so many operations has left its minute. */
const mostKept = 50_000;

export function createBacklog(clock: Clock): Backlog {
  let kept: { scope: Scope; operation: Operation; at: number }[] = [];
  return {
    keep(scope, operation) {
      kept.push({ scope, operation, at: clock.now() });
      if (kept.length > mostKept) kept = kept.slice(mostKept / 4);
    },
    async tell() {
      while (kept.length > 0) {
        const piece = kept.slice(0, toldAtOnce);
        await Promise.all(
          piece.map(({ scope, operation, at }) => scope.caller.ask(operation, 'now', at)),
        );
        const told = new Set(piece);
        kept = kept.filter((each) => !told.has(each));
      }
    },
  };
}
