import { createId } from '../../platform/ids.ts';
import type { Ask, ReserveOutcome } from '../limiter.ts';
import { rendezvousWeight } from '../rendezvous-weight.ts';
import { parseReserve } from './answer.ts';
import { costOf, type Operation, settleOperation } from './operation.ts';
import type { Pool } from './scopes.ts';
import type { SharedMemory } from './shared-memory.ts';

/** Asks the server; rejects where it does not answer. */
export async function reserveShared(
  memory: SharedMemory,
  pool: Pool,
  ask: Ask,
): Promise<ReserveOutcome> {
  const { clock, picture, book, perform } = memory;
  const id = createId('rsv');
  const { scope, accounts } = pool;
  const { affinity, choice, expiresAt, leave } = ask;
  const cost = costOf(ask.cost);
  const weights =
    affinity === undefined ? undefined : accounts.map((each) => rendezvousWeight(affinity, each));
  const ttl = Math.max(0, expiresAt - clock.now());
  const asked = askForPool(pool, {
    op: 'reserve',
    id,
    cost,
    ttl,
    leave,
    choice,
    pool: pool.name,
    weights,
  });
  // It may have been granted and the answer lost: whoever comes back gives it back.
  asked.catch(() => perform(scope, settleOperation(id, { outcome: 'unsent' }), 'soon'));
  const answer = await asked;
  switch (answer[0]) {
    case 'granted': {
      const [, accountId, headroom, seen] = answer;
      picture.see([seen]);
      book.open(id, { scope, accountId, modelClass: seen[1], cost, at: clock.now(), expiresAt });
      return { kind: 'granted', reservationId: id, accountId, headroom };
    }
    case 'wait': {
      const [, waitMs, exact, blockedBy, reason] = answer;
      return { kind: 'wait', waitMs, exact, blockedBy, pausedFor: reason || null };
    }
    case 'never':
      return { kind: 'never_fits', dimension: answer[1], limit: answer[2] };
    case 'unusable':
      return { kind: 'unusable' };
    case 'pool':
      throw new Error('The limiter in Redis forgets a pool that it was just told.');
  }
}

/** A server that does not know the pool (any more) is told it first. */
async function askForPool({ scope, name, seats, ranks }: Pool, operation: Operation) {
  const answer = parseReserve(await scope.caller.ask(operation, 'now'));
  if (answer[0] !== 'pool') return answer;
  const [, again] = await Promise.all([
    scope.caller.ask({ op: 'pool', name, seats, ranks }, 'now'),
    scope.caller.ask(operation, 'now'),
  ]);
  return parseReserve(again);
}
