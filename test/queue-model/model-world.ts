import type { Store } from '../../src/platform/store/store.ts';
import type { Claim, TaskMessage, TaskStatus } from '../../src/queue/index.ts';
import { newTask, seedRun, setDatabaseTime } from '../seed-run.ts';

/** What the queue must believe about a task. */
export interface ModelTask {
  id: string;
  status: TaskStatus;
  assignment: number;
  assignedAt: number;
  token: number | null;
  leaseUntil: number;
  tries: number;
  refusals: number;
  output: string | null;
}

/** The queue beside what it must believe. */
export interface World {
  store: Store;
  runId: string;
  now: number;
  tasks: ModelTask[];
  messages: TaskMessage[];
  claims: Claim[];
  /** Open attempts by the claim that made them. */
  open: Map<Claim, string[]>;
  /** How often each attempt was settled, by whomever. */
  settled: Map<string, number>;
}

/** A run with three ready tasks. */
export async function createWorld(store: Store, now: number): Promise<World> {
  await setDatabaseTime(store, now);
  const tasks = ['a', 'b', 'c'].map((key) => newTask({ key }));
  const { runId } = await seedRun(store, { tasks });
  return {
    store,
    runId,
    now,
    tasks: tasks.map(({ id }) => ({
      id,
      status: 'ready',
      assignment: 0,
      assignedAt: 0,
      token: null,
      leaseUntil: 0,
      tries: 0,
      refusals: 0,
      output: null,
    })),
    messages: [],
    claims: [],
    open: new Map(),
    settled: new Map(),
  };
}

export function taskAt({ tasks }: World, index: number): ModelTask {
  const task = tasks[index];
  if (!task) throw new Error(`there is no task ${index}`);
  return task;
}

export function taskOf(world: World, id: string): ModelTask {
  return taskAt(
    world,
    world.tasks.findIndex((task) => task.id === id),
  );
}
