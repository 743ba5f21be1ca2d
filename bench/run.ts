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

const port = 18_472;
const wantedTasks = 80;

const accepted = z.looseObject({ run_id: z.string() });
const run = z.looseObject({
  status: z.string(),
  tasks: z.array(z.looseObject({ kind: z.string() })),
});
type Event = { type: string; at: number; task: string | null };

/** `npm run bench:run`: memory and overhead while a run of eighty tasks works. */
async function measureRun(): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const headrace = await startProcess(dataDir, { port, args: ['--simulate'] });
    try {
      const runId = await startRun(headrace);
      const peak = await watchMemory(headrace, runId, folder);
      const events = await readEvents(headrace, runId);
      const overheads = taskOverheads(events);
      const figures = spread(overheads, 'ms');
      report(
        'run',
        [
          {
            name: `memory (PSS) with the database, peak during the run`,
            goal: '≤ 300 MiB',
            measured: `${peak.toFixed(0)} MiB`,
            met: peak <= 300,
          },
          {
            name: 'overhead outside wire calls per task',
            goal: 'median ≤ 15 ms',
            measured: figures.text,
            met: figures.median <= 15,
          },
        ],
        [
          `One run of ${overheads.length} work tasks on the simulated providers, which run in the same process; \`npm run bench:run\`.`,
          'Overhead: from a task becoming ready to its recorded answer, less the time its wire calls took. Minimum / median / maximum over the tasks.',
        ],
      );
    } finally {
      await headrace.stop();
    }
  });
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

async function startRun(headrace: HeadraceProcess): Promise<string> {
  const files = Array.from(
    { length: wantedTasks },
    (_, index) =>
      `- \`notes/topic-${index + 1}.md\`: what a new colleague must know about topic ${index + 1}.`,
  );
  const brief = `# A handbook of short notes\n\nWrite one file per topic, independent of the others:\n\n${files.join('\n')}\n`;
  const response = await callApi(headrace, '/api/v1/projects', { brief, clarify: 'off' });
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
      const tasks = document.tasks.filter(
        (task) => !['clarify', 'plan', 'merge', 'judge'].includes(task.kind),
      );
      if (document.status !== 'succeeded' || tasks.length < wantedTasks) {
        throw new Error(`The run ${document.status} with ${tasks.length} tasks.`);
      }
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
    };
  });
}

interface TaskTimes {
  assigned: boolean;
  ready: number | undefined;
  done: number | undefined;
  sent: number;
  wire: number;
}

const takeEvent: Record<string, (task: TaskTimes, at: number) => void> = {
  'task.ready': (task, at) => {
    task.ready ??= at;
  },
  'task.assigned': (task) => {
    task.assigned = true;
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

/** Milliseconds per worker task between becoming ready and being recorded, outside its calls. */
function taskOverheads(events: readonly Event[]): number[] {
  const tasks = new Map<string, TaskTimes>();
  for (const event of events) {
    if (!event.task) continue;
    const task = tasks.get(event.task) ?? {
      assigned: false,
      ready: undefined,
      done: undefined,
      sent: event.at,
      wire: 0,
    };
    tasks.set(event.task, task);
    takeEvent[event.type]?.(task, event.at);
  }
  return [...tasks.values()].flatMap(({ assigned, ready, done, wire }) =>
    assigned && ready !== undefined && done !== undefined ? [done - ready - wire] : [],
  );
}

await measureRun();
