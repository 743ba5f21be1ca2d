import type { Operation } from './operation.ts';
import { createScriptRunner, type ScriptRunnerDeps } from './script-runner.ts';

/**
 * - `now`: somebody waits for the answer.
 * - `soon`: somebody else may wait for what it gives back, or must hear what it took.
 * - `along`: nobody decides otherwise for it, so it rides with the next that cannot wait.
 */
export type Urgency = 'now' | 'soon' | 'along';

/** Calls the script for one scope. Whatever waits travels together, in the order in which it was asked. */
export interface ScopeCaller {
  /** `since`: epoch ms at which it happened, where that was not now. */
  ask(operation: Operation, urgency: Urgency, since?: number): Promise<unknown>;
  /** Sends what waits, and resolves when it is done. */
  flush(): Promise<void>;
}

/** The longest that an operation waits for company, ms. */
const patienceMs = { soon: 20, along: 2000 } as const;

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
  let dueAt = Number.POSITIVE_INFINITY;
  let isScheduled = false;

  async function flush(): Promise<void> {
    isScheduled = false;
    cancelTimer?.();
    dueAt = Number.POSITIVE_INFINITY;
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

  function flushWithin(ms: number): void {
    const due = clock.now() + ms;
    if (due >= dueAt) return;
    cancelTimer?.();
    dueAt = due;
    cancelTimer = clock.setTimer(ms, () => void flush());
  }

  return {
    flush,
    ask(operation, urgency, since = clock.now()) {
      return new Promise((resolve, reject) => {
        waiting.push({ operation, queuedAt: since, resolve, reject });
        if (urgency !== 'now') flushWithin(patienceMs[urgency]);
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
  if (operation.op === 'correct') {
    return { ...operation, age: operation.age + ms, seen_age: operation.seen_age + ms };
  }
  if ('age' in operation) return { ...operation, age: operation.age + ms };
  if ('left' in operation && operation.left > 0)
    return { ...operation, left: Math.max(0, operation.left - ms) };
  return operation;
}
