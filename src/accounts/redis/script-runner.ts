import type { Clock } from '../../platform/clock.ts';
import { createId } from '../../platform/ids.ts';
import { parseReply } from './answer.ts';
import type { RedisConnection } from './connect-redis.ts';
import { createMidnights } from './midnights.ts';
import type { Operation } from './operation.ts';
import type { ServerClock } from './server-clock.ts';

export interface ScriptRunnerDeps {
  connection: Pick<RedisConnection, 'run' | 'time'>;
  clock: Clock;
  serverClock: ServerClock;
  /** `{headrace:<scope>}:e`: begins with the scope's hash tag. */
  key: string;
  /** Names this process. */
  from: string;
  zones: () => ReadonlySet<string>;
  /** What a server that remembers nothing is told first; `knew`: there was something to remember. */
  recovery: (knew: boolean) => Operation[];
  /** An earlier process had a memory here. */
  knewMemory: boolean;
}

/** How often a flush may come between before an operation fails. */
const triesAfterLoss = 2;

/**
 * Runs operations on one scope, as one call of the script; a server that has forgotten is first told what
 * this process knows. Rejects where it does not answer.
 */
export function createScriptRunner(
  deps: ScriptRunnerDeps,
): (ops: readonly Operation[]) => Promise<unknown[]> {
  const { serverClock, connection } = deps;
  const midnights = createMidnights();
  let memory: { id: string; count: number } | null = null;
  let recovering: Promise<void> | null = null;

  async function run(ops: readonly Operation[], fresh?: string) {
    if (!serverClock.known()) serverClock.learn(await connection.time());
    const input = {
      now: serverClock.pinned(),
      epoch: memory?.id ?? '',
      count: memory?.count ?? 0,
      fresh,
      from: deps.from,
      zones: midnights(deps.zones(), serverClock.now()),
      ops,
    };
    const reply = parseReply(await connection.run(deps.key, JSON.stringify(input)));
    serverClock.learn(reply.now);
    return reply;
  }

  async function recover(): Promise<void> {
    const knew = memory !== null || deps.knewMemory;
    const reply = await run(deps.recovery(knew), createId('req'));
    if ('lost' in reply) throw new Error('The limiter in Redis forgets what it was just told.');
    memory = { id: reply.epoch, count: reply.count };
  }

  /** Others of this process may have met the same loss: one of them tells the server. */
  function recoverOnce(): Promise<void> {
    recovering ??= recover().finally(() => {
      recovering = null;
    });
    return recovering;
  }

  async function send(ops: readonly Operation[], triesLeft: number): Promise<unknown[]> {
    if (memory === null) await recoverOnce();
    const sentWith = memory;
    const reply = await run(ops);
    if (!('lost' in reply)) {
      if (memory?.id === reply.epoch) memory.count = Math.max(memory.count, reply.count);
      return reply.answers;
    }
    if (triesLeft === 0) throw new Error('The limiter in Redis is flushed again and again.');
    if (memory === sentWith) await recoverOnce();
    return send(ops, triesLeft - 1);
  }

  return (ops) => send(ops, triesAfterLoss);
}
