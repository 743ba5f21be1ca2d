import type { Limiter } from '../limiter.ts';
import { changesRoom } from './changes-room.ts';
import { createLimitNews } from './limit-news.ts';
import { correctOperation, describeAccount, pauseOperation, settleOperation } from './operation.ts';
import type { RedisLimiterDeps } from './redis-limiter-deps.ts';
import { reserveShared } from './reserve-shared.ts';
import { openSharedMemory, type SharedMemory } from './shared-memory.ts';

export interface RedisLimiter extends Limiter {
  /** Sends what waits and takes a new picture. */
  look(): Promise<void>;
}

/** The limiter that processes share: one call of a script decides on the server, by the server's clock. */
export function createRedisLimiter(deps: RedisLimiterDeps): RedisLimiter {
  const memory = openSharedMemory(deps);
  const { clock, scopes, picture, wake, standIn, perform } = memory;
  const seenBefore = new Set<string>();

  return {
    flags: { exactView: false },
    async configure(accounts) {
      scopes.configure(accounts);
      picture.configure(accounts);
      await Promise.all(
        scopes.all().map((scope) => {
          const specs = scope.accounts.map((account) => {
            const anew = account.startsAnew === true && !seenBefore.has(account.id);
            seenBefore.add(account.id);
            return describeAccount(account, { anew, guardMs: deps.guardMs });
          });
          return perform(scope, { op: 'configure', accounts: specs }, 'now');
        }),
      );
      await memory.look();
      wake();
    },
    async reserve(ask) {
      const pool = scopes.find(ask.candidates);
      if (!pool) return { kind: 'unusable' };
      if (standIn.active()) return await standIn.reserve(pool, ask);
      try {
        return await reserveShared(memory, pool, ask);
      } catch (error) {
        await memory.lose(error);
        return await standIn.reserve(pool, ask);
      }
    },
    ...createEndings(memory),
    ...createCorrections(memory),
    peek: (ask) => picture.peek(ask, clock.now()),
    explain: (ask) => picture.explain(ask, clock.now()),
    gauges: (accountId) => picture.gauges(accountId),
    watch: memory.watch,
    look: memory.look,
    close: memory.close,
  };
}

function createEndings(memory: SharedMemory): Pick<Limiter, 'sent' | 'settle'> {
  const { clock, book, picture, standIn, perform, wake } = memory;
  return {
    async sent(id) {
      const held = book.find(id);
      if (!held) return;
      held.at = clock.now();
      if (standIn.active()) await standIn.sent(id);
      await perform(held.scope, { op: 'sent', id, age: 0 }, 'along');
    },
    async settle(id, settlement) {
      const held = book.end(id);
      if (!held) return;
      if (standIn.active()) await standIn.settle(id, settlement);
      const urgency = changesRoom(picture.seatOf(held), held, settlement) ? 'soon' : 'along';
      await perform(held.scope, settleOperation(id, settlement), urgency);
      if (urgency === 'soon') wake();
    },
  };
}

function createCorrections(memory: SharedMemory): Pick<Limiter, 'correct' | 'pause' | 'clear'> {
  const { clock, scopes, picture, standIn, perform, wake } = memory;
  const isNews = createLimitNews(picture);
  return {
    async correct(observation) {
      const scope = scopes.of(observation.accountId);
      if (!scope) return;
      if (standIn.active()) await standIn.limiter()?.correct(observation);
      // The next call of this process is judged by it; what rides before that call is carried out before it.
      const urgency = isNews(observation) ? 'soon' : 'along';
      await perform(scope, correctOperation(observation, clock.now()), urgency);
    },
    async pause(pause) {
      const scope = scopes.of(pause.accountId);
      if (!scope) return;
      picture.add(pause);
      if (standIn.active()) await standIn.limiter()?.pause(pause);
      // What a vendor refused must be known to all before this call gives its place free.
      await perform(scope, pauseOperation(pause, clock.now()), 'now');
    },
    async clear(accountId, modelClass) {
      const scope = scopes.of(accountId);
      if (!scope) return;
      if (standIn.active()) await standIn.limiter()?.clear(accountId, modelClass);
      await perform(scope, { op: 'clear', account: accountId, class: modelClass ?? '' }, 'now');
      wake();
    },
  };
}
