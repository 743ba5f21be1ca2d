import { createHash } from 'node:crypto';
import type { RunDocument, RunEvent } from './api-client.ts';
import { type Audit, auditRun } from './crash/audit-run.ts';
import {
  crashModel,
  type KillableHeadrace,
  startKillableHeadrace,
} from './crash/killable-headrace.ts';
import { drawTable } from './draw-table.ts';
import { withTemporaryFolder } from './headrace-process.ts';
import { type Figure, report, spread } from './report.ts';

const lanes = 2;
const firstPort = 18_473;
const patienceMs = 90_000;
const seed = 'crash';

/** A run that nobody disturbed. */
interface Reference {
  events: readonly RunEvent[];
  tasks: number;
  keys: readonly string[];
  calls: number;
  /** Calls of a task beyond its first: a judge asks in both orders. */
  repeats: number;
  text: string;
}

interface Kill {
  /** At the first event of a type, or at an event number. */
  aim: { type: string } | { number: number };
  withDatabase: boolean;
}

interface Outcome extends Kill {
  /** The event at which it was killed. */
  event: number;
  type: string;
  audit: Audit;
  /** Calls that the vendors saw, over the whole run. */
  calls: number;
  tasksLost: number;
  isSameText: boolean;
  readyMs: number;
  endedMs: number;
}

/** `npm run bench:crash [KILLS]`: what a kill at any moment costs. */
async function measureCrashes(): Promise<void> {
  const count = Number(process.argv[2] ?? 200);
  let kills: Kill[] | undefined;
  const outcomes: Outcome[] = [];
  const references: Reference[] = [];
  const ended = await Promise.allSettled(
    Array.from({ length: lanes }, (_, lane) =>
      withTemporaryFolder(async (folder) => {
        const headrace = await startKillableHeadrace(folder, { port: firstPort + lane, seed });
        try {
          const reference = await runUndisturbed(headrace);
          references.push(reference);
          kills ??= planKills(count, reference);
          for (let kill = kills.shift(); kill; kill = kills.shift()) {
            outcomes.push(await killOnce(headrace, kill, reference));
          }
        } finally {
          await headrace.close();
        }
      }),
    ),
  );
  // Not before every lane has ended its processes.
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason;
  show(outcomes, references);
}

/** One at every type of event, the others evenly over the event numbers; every other one with the database. */
function planKills(count: number, { events }: Reference): Kill[] {
  const types = [...new Set(events.map(({ type }) => type))].slice(0, count);
  const even = count - types.length;
  const aims = [
    ...types.map((type) => ({ type })),
    ...Array.from({ length: even }, (_, index) => ({
      number: Math.ceil(((index + 0.5) / even) * events.length),
    })),
  ];
  return aims.map((aim, index) => ({ aim, withDatabase: index % 2 === 1 }));
}

function writeBrief(): string {
  const files = Array.from(
    { length: 20 },
    (_, index) =>
      `- \`notes/topic-${index + 1}.md\`: what a new colleague must know about topic ${index + 1}.`,
  );
  return `# A handbook of short notes\n\nWrite one file per topic:\n\n${files.join('\n')}\n`;
}

function startRun({ api }: KillableHeadrace): Promise<string> {
  return api.startRun({
    brief: writeBrief(),
    clarify: 'auto',
    models: [crashModel],
    orchestrator: crashModel,
  });
}

async function runUndisturbed(headrace: KillableHeadrace): Promise<Reference> {
  // Twice: the first one also fills caches and compiles statements.
  await readToEnd(headrace, await startRun(headrace), 0);
  const before = callsOf(headrace);
  const runId = await startRun(headrace);
  const events = await readToEnd(headrace, runId, 0);
  const run = await headrace.api.readRun(runId);
  if (run.status !== 'succeeded')
    throw new Error(`The undisturbed run ${run.status}: ${run.failure?.message}`);
  const audit = await auditRun(headrace.databaseDir, { runId, at: new Date(), event: 0 });
  const calls = callsOf(headrace) - before;
  return {
    ...{ events, tasks: run.tasks.length, calls, text: textOf(run) },
    keys: audit.done,
    repeats: audit.paidTwice,
  };
}

async function readToEnd(headrace: KillableHeadrace, runId: string, after: number) {
  const events: RunEvent[] = [];
  const signal = AbortSignal.timeout(patienceMs);
  for await (const event of headrace.api.followEvents(runId, { after, signal })) events.push(event);
  return events;
}

async function killOnce(
  headrace: KillableHeadrace,
  kill: Kill,
  reference: Reference,
): Promise<Outcome> {
  const before = callsOf(headrace);
  const runId = await startRun(headrace);
  const { event, type, at } = await killAt(headrace, runId, kill);
  const began = performance.now();
  const readyMs = await headrace.restart();
  await readToEnd(headrace, runId, event).catch(() => {
    // It did not end in time: the audit counts it as lost.
  });
  const endedMs = performance.now() - began;
  const found = await auditRun(headrace.databaseDir, { runId, at, event });
  const audit = { ...found, paidTwice: Math.max(0, found.paidTwice - reference.repeats) };
  const run = await headrace.api.readRun(runId);
  const outcome = {
    ...kill,
    ...{ event, type, audit, readyMs, endedMs },
    calls: callsOf(headrace) - before,
    tasksLost: reference.keys.filter((key) => !audit.done.includes(key)).length,
    isSameText: textOf(run) === reference.text,
  };
  if (explain(outcome).length > 0) console.error(JSON.stringify({ runId, ...outcome }));
  return outcome;
}

/** Reads the run's events as they come and kills when the wanted one is there, which is when it is committed. */
async function killAt(headrace: KillableHeadrace, runId: string, { aim, withDatabase }: Kill) {
  let last = { event: 0, type: 'none' };
  try {
    const signal = AbortSignal.timeout(patienceMs);
    for await (const { number, type } of headrace.api.followEvents(runId, { signal })) {
      last = { event: number, type };
      if ('type' in aim ? type === aim.type : number >= aim.number) break;
    }
  } finally {
    await headrace.kill(withDatabase);
  }
  return { ...last, at: new Date() };
}

function callsOf({ simulator }: KillableHeadrace): number {
  return simulator.stats().reduce((sum, { requests }) => sum + requests, 0);
}

function textOf(run: RunDocument): string {
  const files = run.artifacts.map(({ path, sha256 }) => `${path} ${sha256}`).sort();
  return createHash('sha256')
    .update([run.result, ...files].join('\n'))
    .digest('hex');
}

/** Which promises a kill broke, in words. */
function explain({ audit, calls, tasksLost, isSameText }: Outcome): string[] {
  return [
    audit.status === 'succeeded' ? '' : `the run is ${audit.status}`,
    tasksLost + audit.open > 0 ? 'tasks lost' : '',
    audit.completedTwice > 0 ? 'completed twice' : '',
    audit.ledgerGap > 0 || audit.unsettled > 0 ? 'the ledger differs' : '',
    calls > audit.attempts ? 'calls without an attempt' : '',
    audit.paidTwice > audit.inFlight ? 'more paid twice than in flight' : '',
    audit.eventGaps > 0 ? 'event numbers with gaps' : '',
    isSameText ? '' : 'another result',
  ].filter((text) => text !== '');
}

function show(outcomes: readonly Outcome[], references: readonly Reference[]): void {
  const [reference] = references;
  if (!reference) throw new Error('Nothing ran.');
  const sum = (count: (outcome: Outcome) => number) =>
    outcomes.reduce((total, outcome) => total + count(outcome), 0);
  const kills = outcomes.length;
  const covered = new Set(outcomes.map(({ type }) => type));
  const types = new Set(reference.events.map(({ type }) => type));
  const figures: Figure[] = [
    none(
      'runs lost',
      sum(({ audit }) => Number(audit.status !== 'succeeded')),
    ),
    none(
      'tasks lost',
      sum(({ tasksLost, audit }) => tasksLost + audit.open),
    ),
    none(
      'tasks completed twice',
      sum(({ audit }) => audit.completedTwice),
    ),
    none(
      'runs whose ledger differs from their attempts',
      sum(({ audit }) => Number(audit.ledgerGap > 0 || audit.unsettled > 0)),
    ),
    none(
      'calls that no attempt records',
      sum(({ calls, audit }) => Math.max(0, calls - audit.attempts)),
    ),
    none(
      'runs with more calls paid twice than were in flight',
      sum(({ audit }) => Number(audit.paidTwice > audit.inFlight)),
    ),
    none(
      'runs with a gap in the numbers of events',
      sum(({ audit }) => Number(audit.eventGaps > 0)),
    ),
    {
      name: 'results equal to the undisturbed run',
      goal: `${kills}`,
      ...whole(
        sum(({ isSameText }) => Number(isSameText)),
        kills,
      ),
    },
    {
      name: 'undisturbed runs that are equal',
      goal: `${lanes}`,
      ...whole(references.filter(({ text }) => text === reference.text).length, lanes),
    },
    {
      name: 'types of events killed at',
      goal: `${types.size}`,
      measured: `${covered.size}`,
      met: covered.size >= Math.min(types.size, kills),
    },
  ];
  report('crash', figures, [
    ...drawTable(histogram(outcomes, reference)),
    '',
    ...describe(outcomes, reference),
  ]);
  if (figures.some(({ met }) => !met)) process.exitCode = 1;
}

function none(name: string, measured: number): Figure {
  return { name, goal: '0', measured: `${measured}`, met: measured === 0 };
}

function whole(measured: number, of: number) {
  return { measured: `${measured}`, met: measured === of };
}

function histogram(outcomes: readonly Outcome[], { events }: Reference) {
  const types = [...new Set([...events, ...outcomes].map(({ type }) => type))];
  return types.map((type) => {
    const here = outcomes.filter((outcome) => outcome.type === type);
    return {
      'killed at': type,
      'in the undisturbed run': events.filter((event) => event.type === type).length,
      kills: here.length,
      'with the database': here.filter(({ withDatabase }) => withDatabase).length,
    };
  });
}

function describe(outcomes: readonly Outcome[], reference: Reference): string[] {
  const of = (pick: (outcome: Outcome) => number) => outcomes.map(pick);
  const total = (pick: (outcome: Outcome) => number) => of(pick).reduce((sum, n) => sum + n, 0);
  return [
    `${outcomes.length} kills (SIGKILL), every other one of the database's processes too, one at every type of event and the others evenly over the ${reference.events.length} events of a run of ${reference.tasks} tasks; \`npm run bench:crash -- KILLS\`.`,
    'The process is killed when the event has come over the stream, so its commit lies before the kill; one data directory per lane lives through all its kills.',
    'All tasks are given to one model of the simulator, which outlives the kills and counts its calls: another choice of model would rightly be another text.',
    `Calls: ${reference.calls} undisturbed; in flight at the kill ${
      spread(
        of(({ audit }) => audit.inFlight),
        '',
      ).text
    }; paid twice ${total(({ audit }) => audit.paidTwice)} in all, of ${total(({ audit }) => audit.inFlight)} in flight.`,
    `Events committed between the aim and the kill: ${
      spread(
        of(({ audit }) => audit.slippedBy),
        '',
      ).text
    }.`,
    `Ready again after ${
      spread(
        of(({ readyMs }) => readyMs),
        'ms',
      ).text
    }; the run ended after ${
      spread(
        of(({ endedMs }) => endedMs),
        'ms',
      ).text
    } (minimum / median / maximum).`,
  ];
}

await measureCrashes();
