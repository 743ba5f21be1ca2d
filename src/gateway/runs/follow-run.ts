import type { Orchestration, Principal } from '../../orchestration/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { terminalEvents } from '../../platform/steps.ts';
import type { RunEvent } from '../../platform/store/store.ts';
import { comment, writeMessage } from '../server/sse-message.ts';
import { createWaker } from '../server/waker.ts';
import type { RunHints } from './run-hints.ts';

/** Hints can be lost: without one the store is asked again after this time. */
const pollMs = 3_000;
/** Proxies close what is silent for 30 s or longer. */
const heartbeatMs = 15_000;
const batchSize = 200;

export interface FollowDeps {
  orchestration: Pick<Orchestration, 'readEvents'>;
  runHints: RunHints;
  clock: Clock;
}

export interface FollowRequest {
  principal: Principal;
  runId: string;
  /** The number of the last event that the client has; 0 for none. */
  after: number;
  /** Aborted when the client has gone or the gateway closes. */
  signal: AbortSignal;
  /** Called when the client has taken the terminal event. */
  onEnd(): Promise<void>;
}

/**
 * A run's events as server-sent events, from `after` to the terminal one. It reads no further than
 * the client takes: what is not pulled stays in the store.
 */
export async function* followRun(deps: FollowDeps, request: FollowRequest): AsyncGenerator<string> {
  const waker = createWaker(deps.clock, request.signal);
  // Watched before the first read: an event between the two would wait for the next poll.
  const unwatch = deps.runHints.watch(request.runId, waker.wake);
  try {
    let { after } = request;
    let beatAt = deps.clock.now() + heartbeatMs;
    while (!request.signal.aborted) {
      const events = await readBatch(deps, request, after);
      for (const event of events) {
        yield writeRunEvent(event);
        after = event.number;
        if (!terminalEvents.includes(event.type)) continue;
        await request.onEnd();
        return;
      }
      if (events.length > 0) beatAt = deps.clock.now() + heartbeatMs;
      if (events.length === batchSize) continue;
      await waker.wait(Math.min(pollMs, beatAt - deps.clock.now()));
      if (deps.clock.now() < beatAt || request.signal.aborted) continue;
      yield comment('heartbeat');
      beatAt = deps.clock.now() + heartbeatMs;
    }
  } finally {
    unwatch();
  }
}

function readBatch(deps: FollowDeps, { principal, runId }: FollowRequest, after: number) {
  return deps.orchestration.readEvents(principal, { runId, after, limit: batchSize });
}

function writeRunEvent(event: RunEvent): string {
  const { number, type, step, task_id, attempt_id, data } = event;
  const at = new Date(event.at).toISOString();
  return writeMessage({
    id: String(number),
    event: type,
    data: { number, at, type, step, task_id, attempt_id, data },
  });
}
