import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  type HeadraceProcess,
  readPssMiB,
  startProcess,
  withTemporaryFolder,
} from './headrace-process.ts';
import { listProcesses } from './list-processes.ts';
import { report, spread } from './report.ts';
import { troubleFigures } from './trouble-figures.ts';

const port = 18_472;
const wantedTasks = 80;
const examples = ['harbour-report.md', 'ke-hoach-ra-mat.md', 'log-alerts-service.md'];

const accepted = z.looseObject({ run_id: z.string() });
const run = z.looseObject({ status: z.string() });
type Event = { type: string; at: number; task: string | null; data: Record<string, unknown> };

/** `npm run bench:run`: memory and overhead while a run of eighty tasks works. */
async function measureRun(): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const headrace = await startProcess(dataDir, { port, args: ['--simulate'] });
    try {
      const usual: TaskTimes[] = [];
      const events: Event[] = [];
      for (const name of examples) {
        const brief = readFileSync(join(import.meta.dirname, '..', 'examples', name), 'utf8');
        const measured = await measureOne(headrace, brief, folder);
        usual.push(...measured.times);
        events.push(...measured.events);
      }
      const burst = await measureOne(headrace, writeBrief(wantedTasks), folder);
      events.push(...burst.events);
      const steady = spread(usual.map(overheadOf), 'ms');
      const crowded = spread(burst.times.map(overheadOf), 'ms');
      report(
        'run',
        [
          {
            name: 'memory (PSS) with the database, peak during the run of 80 tasks',
            goal: '≤ 300 MiB',
            measured: `${burst.peakMiB.toFixed(0)} MiB`,
            met: burst.peakMiB <= 300,
          },
          {
            name: `overhead per task, ${usual.length} tasks of the three example briefs`,
            goal: 'median ≤ 15 ms',
            measured: steady.text,
            met: steady.median <= 15,
          },
          {
            name: `overhead per task, ${burst.times.length} independent tasks, all ready in the same moment`,
            goal: 'median ≤ 15 ms',
            measured: crowded.text,
            met: crowded.median <= 15,
          },
          ...troubleFigures(events),
        ],
        [
          'Simulated providers in their usual hostility, which run in the same process; `npm run bench:run`.',
          'Overhead: from the assignment to the recorded answer, less the wire calls: announcing, claiming, the prompt, waiting for the limiter, two ledger entries, recording. Minimum / median / maximum over the tasks.',
          'Every fact of a run takes the next number of its events under one lock, until it is on disk. Eighty tasks that start at once stand in line for that lock; tasks that come one after the other do not.',
        ],
      );
    } finally {
      await headrace.stop();
    }
  });
}

async function measureOne(headrace: HeadraceProcess, brief: string, folder: string) {
  const runId = await startRun(headrace, brief);
  const peakMiB = await watchMemory(headrace, runId, folder);
  const events = await readEvents(headrace, runId);
  return { peakMiB, events, times: workTimes(events) };
}

function writeBrief(tasks: number): string {
  const files = Array.from(
    { length: tasks },
    (_, index) =>
      `- \`notes/topic-${index + 1}.md\`: what a new colleague must know about topic ${index + 1}.`,
  );
  return `# A handbook of short notes\n\nWrite one file per topic, independent of the others:\n\n${files.join('\n')}\n`;
}

function callApi(headrace: HeadraceProcess, path: string, body?: unknown): Promise<Response> {
  return fetch(`${headrace.url}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      authorization: `Bearer ${headrace.adminKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
  });
}

async function startRun(headrace: HeadraceProcess, brief: string): Promise<string> {
  const response = await callApi(headrace, '/api/v1/projects', { brief });
  return accepted.parse(await response.json()).run_id;
}

async function watchMemory(
  headrace: HeadraceProcess,
  runId: string,
  folder: string,
): Promise<number> {
  let peak = 0;
  for (;;) {
    peak = Math.max(peak, readPssMiB(listProcesses(headrace.pid, folder)));
    const document = run.parse(await (await callApi(headrace, `/api/v1/runs/${runId}`)).json());
    if (['succeeded', 'failed', 'cancelled'].includes(document.status)) {
      if (document.status !== 'succeeded') throw new Error(`The run ${document.status}.`);
      return peak;
    }
    await sleep(250);
  }
}

async function readEvents(headrace: HeadraceProcess, runId: string): Promise<Event[]> {
  const text = await (await callApi(headrace, `/api/v1/runs/${runId}/events`)).text();
  return [...text.matchAll(/^data: (.+)$/gm)].map(([, json = '{}']) => {
    const event = JSON.parse(json) as Record<string, unknown>;
    return {
      type: String(event['type']),
      at: Date.parse(String(event['at'])),
      task: (event['task_id'] as string | null) ?? null,
      data: (event['data'] ?? {}) as Record<string, unknown>,
    };
  });
}

interface TaskTimes {
  ready: number | undefined;
  assigned: number | undefined;
  done: number | undefined;
  sent: number;
  wire: number;
}

const takeEvent: Record<string, (task: TaskTimes, at: number) => void> = {
  'task.ready': (task, at) => {
    task.ready ??= at;
  },
  'task.assigned': (task, at) => {
    task.assigned = at;
  },
  'call.sent': (task, at) => {
    task.sent = at;
  },
  'attempt.ended': (task, at) => {
    task.wire += at - task.sent;
  },
  'answer.collected': (task, at) => {
    task.done = at;
  },
};

/** The times of every task that a worker took, in ms since the epoch. */
function workTimes(events: readonly Event[]): TaskTimes[] {
  const tasks = new Map<string, TaskTimes>();
  for (const event of events) {
    if (!event.task) continue;
    const task = tasks.get(event.task) ?? {
      ready: undefined,
      assigned: undefined,
      done: undefined,
      sent: event.at,
      wire: 0,
    };
    tasks.set(event.task, task);
    takeEvent[event.type]?.(task, event.at);
  }
  return [...tasks.values()].filter(
    (task) => task.assigned !== undefined && task.done !== undefined,
  );
}

/** From the assignment to the recorded answer, less the wire calls: announce, claim, admit, write, record. */
function overheadOf({ assigned = 0, done = 0, wire }: TaskTimes): number {
  return done - assigned - wire;
}

await measureRun();
