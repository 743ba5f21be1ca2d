import type { Operation } from './operation.ts';
import { createScriptRunner, type ScriptRunnerDeps } from './script-runner.ts';

/**
 * Calls the script for one scope. Operations of one turn of the event loop travel together; those that
 * can wait (settlements) ride with the next that cannot, or go after `batchMs`.
 */
export interface ScopeCaller {
  /** `since`: epoch ms at which it happened, where that was not now. */
  ask(operation: Operation, urgency: 'now' | 'soon', since?: number): Promise<unknown>;
  /** Sends what waits, and resolves when it is done. */
  flush(): Promise<void>;
}

const batchMs = 20;

interface Waiting {
  operation: Operation;
  queuedAt: number;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

export function createScopeCaller(deps: ScriptRunnerDeps): ScopeCaller {
  const { clock } = deps;
  const runScript = createScriptRunner(deps);
  let waiting: Waiting[] = [];
  let cancelTimer: (() => void) | null = null;
  let isScheduled = false;

  async function flush(): Promise<void> {
    isScheduled = false;
    cancelTimer?.();
    cancelTimer = null;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      const now = clock.now();
      const ops = batch.map(({ operation, queuedAt }) => aged(operation, now - queuedAt));
      const answers = await runScript(ops);
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index]);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return {
    flush,
    ask(operation, urgency, since = clock.now()) {
      return new Promise((resolve, reject) => {
        waiting.push({ operation, queuedAt: since, resolve, reject });
        if (urgency === 'soon') cancelTimer ??= clock.setTimer(batchMs, () => void flush());
        else if (!isScheduled) {
          isScheduled = true;
          queueMicrotask(() => void flush());
        }
      });
    },
  };
}

/** What was asked a moment ago happened then. */
function aged(operation: Operation, ms: number): Operation {
  if ('age' in operation) return { ...operation, age: operation.age + ms };
  if ('left' in operation && operation.left > 0)
    return { ...operation, left: Math.max(0, operation.left - ms) };
  return operation;
}
