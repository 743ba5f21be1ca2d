import { errorFields } from '../../platform/log.ts';
import { describeAccount, type Operation, pauseOperation } from './operation.ts';
import type { Picture } from './picture.ts';
import type { RedisLimiterDeps } from './redis-limiter-deps.ts';
import { adoptOperation, type ReservationBook } from './reservation-book.ts';
import { createScopeCaller } from './scope-caller.ts';
import { createScopes, type Scope, type Scopes } from './scopes.ts';
import type { ServerClock } from './server-clock.ts';

/** What this process knows itself, whatever the server forgets. */
export interface OwnKnowledge {
  replicaId: string;
  serverClock: ServerClock;
  picture: Picture;
  book: ReservationBook;
}

/** After a flush all wait for so long, ms: until every replica has beaten and told what it has out. */
const flushPauseMs = 4000;

/** The scopes of this limiter; `freed`: another process gave something back. */
export function openScopes(deps: RedisLimiterDeps, own: OwnKnowledge, freed: () => void): Scopes {
  const { connection, clock, log, namespace = 'headrace' } = deps;
  return createScopes((scope, name) => {
    const tag = `{${namespace}:${name}}`;
    connection
      .subscribe(`${tag}:freed`, (whom) => {
        if (concerns(whom, own.replicaId)) freed();
      })
      // Without it what others give back is met at the next refill instead of at once.
      .catch((error: unknown) => log.warn('limiter.not_subscribed', errorFields(error)));
    return createScopeCaller({
      connection,
      clock,
      serverClock: own.serverClock,
      key: `${tag}:e`,
      from: own.replicaId,
      zones: () => zonesOf(scope().accounts),
      recovery: (knew) => recoveryOf(scope(), knew),
      knewMemory: deps.knewMemory,
    });
  });

  function recoveryOf(scope: Scope, knew: boolean): Operation[] {
    const { accounts } = scope;
    const ids = accounts.map(({ id }) => id);
    const configure: Operation = {
      op: 'configure',
      accounts: accounts.map((each) =>
        describeAccount(each, { anew: false, guardMs: deps.guardMs }),
      ),
    };
    const unaccounted: Operation = {
      op: 'unaccounted',
      accounts: ids,
      days: own.picture.daysOf(ids),
      pause: flushPauseMs,
    };
    const now = clock.now();
    const out = own.book.all().filter(([, open]) => open.scope === scope);
    const adopted = out.map(([id, open]) => adoptOperation(id, open, now));
    // Told anew by every process; of two pauses of one scope the later end stays.
    const paused = own.picture
      .pauses()
      .filter(({ accountId, until }) => ids.includes(accountId) && (until ?? now) >= now)
      .map((pause) => pauseOperation(pause, now));
    return [configure, ...(knew ? [unaccounted] : []), ...adopted, ...paused];
  }
}

/** As lua/run.lua and lua/turns.lua say it: to all, to all but one, to one. */
function concerns(whom: string, replicaId: string): boolean {
  const [kind, id] = whom.split(' ');
  return kind === 'all' || (kind === 'only') === (id === replicaId);
}

function zonesOf(accounts: Scope['accounts']): ReadonlySet<string> {
  return new Set(accounts.flatMap(({ policy }) => policy.dayZone ?? []));
}
