import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { describeAccounts, startSimulator } from '../simulator/index.ts';
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

/** `npm run bench:run`: memory while a run of eighty tasks works, and overhead per task. */
async function measureRun(): Promise<void> {
  const { peakMiB } = await measureMemory();
  const { usual, burst, events } = await measureOverhead();
  const steady = spread(usual.map(overheadOf), 'ms');
  const crowded = spread(burst.map(overheadOf), 'ms');
  report(
    'run',
    [
      {
        name: 'memory (PSS) with the database, peak during the run of 80 tasks',
        goal: '≤ 300 MiB',
        measured: `${peakMiB.toFixed(0)} MiB`,
        met: peakMiB <= 300,
      },
      {
        name: `overhead per task, ${usual.length} tasks of the three example briefs`,
        goal: 'median ≤ 15 ms',
        measured: steady.text,
        met: steady.median <= 15,
      },
      {
        name: `overhead per task, ${burst.length} independent tasks, all ready in the same moment`,
        goal: 'median ≤ 15 ms',
        measured: crowded.text,
        met: crowded.median <= 15,
      },
      ...troubleFigures(events),
    ],
    [
      'Simulated providers in their usual hostility; `npm run bench:run`. For the memory they run in the same process, as `--simulate` starts them; for the overhead in another one, as real ones do, for what answers cost to invent is not overhead.',
      'Overhead: from the assignment to the recorded answer, less the wire calls: announcing, claiming, the prompt, waiting for the limiter, two ledger entries, recording. Minimum / median / maximum over the tasks; the maximum is a wait for a limit.',
      'What comes in the same moment for one run shares a transaction (`docs/adr/2026-11-21-grouped-facts.md`).',
    ],
  );
}

function measureMemory(): Promise<Measured> {
  return withTemporaryFolder(async (folder) => {
    const headrace = await startProcess(join(folder, 'data'), { port, args: ['--simulate'] });
    try {
      return await measureOne(headrace, writeBrief(wantedTasks), folder);
    } finally {
      await headrace.stop();
    }
  });
}

interface Overhead {
  usual: readonly TaskTimes[];
  burst: readonly TaskTimes[];
  events: readonly Event[];
}

function measureOverhead(): Promise<Overhead> {
  return withTemporaryFolder(async (folder) => {
    const simulator = await startSimulator();
    const configFile = join(folder, 'headrace.yaml');
    await writeFile(configFile, describeAccounts(simulator));
    const headrace = await startProcess(join(folder, 'data'), {
      port,
      env: { HEADRACE_CONFIG: configFile, HEADRACE_UPSTREAM_ALLOW_CIDRS: '127.0.0.0/8' },
    });
    try {
      const usual: Measured[] = [];
      for (const name of examples) {
        const brief = readFileSync(join(import.meta.dirname, '..', 'examples', name), 'utf8');
        usual.push(await measureOne(headrace, brief, null));
      }
      const burst = await measureOne(headrace, writeBrief(wantedTasks), null);
      return {
        usual: usual.flatMap(({ times }) => times),
        burst: burst.times,
        events: [...usual, burst].flatMap(({ events }) => events),
      };
    } finally {
      await headrace.stop();
      await simulator.close();
    }
  });
}

interface Measured {
  /** 0 where no folder named the processes to weigh: weighing takes time from what is measured. */
  peakMiB: number;
  events: Event[];
  times: TaskTimes[];
}

async function measureOne(
  headrace: HeadraceProcess,
  brief: string,
  folder: string | null,
): Promise<Measured> {
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
  folder: string | null,
): Promise<number> {
  let peak = 0;
  for (;;) {
    if (folder) peak = Math.max(peak, readPssMiB(listProcesses(headrace.pid, folder)));
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
