import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { CallOrder } from '../src/dispatch/index.ts';
import { systemClock } from '../src/platform/clock.ts';
import { silentLog } from '../src/platform/log.ts';
import type { Store } from '../src/platform/store/store.ts';
import { type Carrier, createEmbeddedCarrier, readTask, type Task } from '../src/queue/index.ts';
import {
  startWorkers,
  type Workers,
  type WorkersDeps,
  type WorkersOptions,
} from '../src/workers/index.ts';
import { createTestStore } from './database.ts';
import type { FakeDispatch } from './fake-dispatch.ts';
import { assign } from './seed-run.ts';

export interface WorkersSetting {
  store: Store;
  carrier: Carrier;
  /** Starts workers that end with the test. */
  start(dispatch: FakeDispatch, given?: Partial<WorkersDeps> & WorkersOptions): Workers;
  /** Assigns a task and wakes the workers. */
  announce(taskId: string, provider?: string): Promise<void>;
  read(taskId: string): Promise<Task>;
  /** Resolves with the task once `done` holds. */
  until(taskId: string, done: (task: Task) => boolean): Promise<Task>;
}

/** A database of the test's own with the embedded carrier; workers are started by the test. */
export async function setUpWorkers(t: TestContext): Promise<WorkersSetting> {
  const store = await createTestStore(t);
  const carrier = createEmbeddedCarrier({ store });
  const started: Workers[] = [];
  t.after(() => Promise.all(started.map((workers) => workers.stop())));
  const read = async (taskId: string) => {
    const task = await store.transaction('system', (tx) => readTask(tx, taskId));
    assert.ok(task);
    return task;
  };
  return {
    store,
    carrier,
    read,
    start(dispatch, given = {}) {
      const deps = { store, carrier, dispatch, clock: systemClock, log: silentLog };
      const workers = startWorkers({ ...deps, ...given }, given);
      started.push(workers);
      return workers;
    },
    async announce(taskId, provider = 'openai') {
      await assign(store, taskId, provider);
      store.notify('task', provider);
    },
    async until(taskId, done) {
      for (;;) {
        const task = await read(taskId);
        if (done(task)) return task;
        // A test that timed out must not go on asking: its process would never end.
        t.signal.throwIfAborted();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

export const ended = (task: Task) => task.finishedAt !== null;
export const handedBack = (task: Task) => task.status === 'ready';

/** A promise and the way to fulfil it. */
export function gate<T = void>() {
  return Promise.withResolvers<T>();
}

/** A call that lasts until it is broken off. */
export function callUntilAborted(order: CallOrder): Promise<never> {
  return new Promise((_, reject) => {
    order.signal.addEventListener('abort', () => reject(order.signal.reason), { once: true });
  });
}
