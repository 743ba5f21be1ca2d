import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../platform/clock.ts';
import type { CliDeps } from './cli-deps.ts';
import { runCli } from './run-cli.ts';
import type { RunDocument } from './run-document.ts';

const runId = 'run_1';

const emptySetup = { dataDir: '/nowhere', configFile: null, accounts: [], warnings: [] };

/** A server of one command, with simulated providers. */
function serverAt(url: string) {
  const keys = { adminKey: 'key', newKeyPath: null };
  return { url, ...keys, pid: 1, accounts: [], simulated: true, close: async () => {} };
}

function finishedRun(over: Partial<RunDocument> = {}): RunDocument {
  return {
    id: runId,
    project_id: 'prj_1',
    number: 1,
    status: 'succeeded',
    simulated: true,
    rounds: 1,
    started_at: '2026-01-01T00:00:00.000Z',
    finished_at: '2026-01-01T00:00:09.000Z',
    clarifications: [],
    tasks: [
      {
        id: 'tsk_1',
        title: 'Costs',
        kind: 'section',
        depends_on: [],
        lane: 'standard',
        status: 'succeeded',
        attempts: [
          {
            model: 'openai/m',
            account: 'a1',
            outcome: 'succeeded',
            input_tokens: 10,
            output_tokens: 20,
            cost_usd: 0.001,
          },
        ],
      },
    ],
    merge_report: [
      { task_id: 'tsk_1', disposition: 'used', reason: 'Its section stands in the result.' },
    ],
    verdict: {
      decision: 'pass',
      criteria: [{ text: 'Names the cost', met: true, evidence: 'It costs 4.' }],
    },
    confidence: { value: 0.5, calibrated: false, explanation: 'Uncalibrated.' },
    usage: { input_tokens: 10, output_tokens: 20, cost_usd: 0.001 },
    artifacts: [],
    result: '## Costs\n\nIt costs 4.\u001b[2J',
    ...over,
  };
}

const events = [
  { type: 'run.accepted', data: {} },
  {
    type: 'task.stored',
    task_id: 'tsk_1',
    data: { key: 't1', title: 'Costs', kind: 'section', lane: 'standard' },
  },
  {
    type: 'call.sent',
    task_id: 'tsk_1',
    attempt_id: 'att_1',
    data: { provider: 'openai', model: 'openai/m', account: 'a1' },
  },
  {
    type: 'attempt.ended',
    task_id: 'tsk_1',
    attempt_id: 'att_1',
    data: { outcome: 'succeeded', input_tokens: 10, output_tokens: 20, cost_usd: 0.001 },
  },
  { type: 'answer.collected', task_id: 'tsk_1', data: {} },
  { type: 'run.succeeded', data: {} },
].map((event, index) => ({
  number: index + 1,
  at: new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString(),
  step: null,
  task_id: null,
  attempt_id: null,
  ...event,
}));

const simulatedModel = { simulated: true, input_usd_per_million: 2, output_usd_per_million: 8 };

interface Gateway {
  url: string;
  seen: { method: string; path: string; body: string; lastEventId: string | undefined }[];
}

/** A gateway that answers as the real one does; `cutAfter` breaks the first event stream off after so many events. */
async function startGateway(
  t: TestContext,
  options: {
    run?: RunDocument;
    cutAfter?: number;
    artifacts?: Record<string, string>;
    model?: object;
  } = {},
): Promise<Gateway> {
  const gateway: Gateway = { url: '', seen: [] };
  let streams = 0;
  const sendEvents = (request: IncomingMessage, response: ServerResponse) => {
    const after = Number(request.headers['last-event-id'] ?? 0);
    const last = streams++ === 0 ? (options.cutAfter ?? events.length) : events.length;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of events.slice(after, last)) {
      response.write(
        `id: ${event.number}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
      );
    }
    if (last < events.length) setImmediate(() => response.destroy());
    else response.end();
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const path = request.url ?? '';
    const lastEventId = request.headers['last-event-id'] as string | undefined;
    gateway.seen.push({ method: request.method ?? '', path, body, lastEventId });
    const json = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const artifact = options.artifacts?.[decodeURIComponent(path.split('/artifacts/')[1] ?? '')];
    const answers: Record<string, () => unknown> = {
      '/v1/models': () =>
        json(200, {
          data: [{ id: 'openai/m', headrace: { ...simulatedModel, ...options.model } }],
        }),
      '/api/v1/projects': () => json(202, { id: 'prj_1', run_id: runId, status: 'queued' }),
      [`/api/v1/runs/${runId}`]: () => json(200, options.run ?? finishedRun()),
      [`/api/v1/runs/${runId}/events`]: () => sendEvents(request, response),
    };
    const answer = answers[path] ?? (artifact === undefined ? null : () => response.end(artifact));
    if (answer) answer();
    else
      json(404, { code: 'not_found', title: 'There is no such thing here.', fix: 'Check the id.' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  gateway.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return gateway;
}

async function run(t: TestContext, argv: string[], over: Partial<CliDeps> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-cli-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'brief.md'), 'Write about costs.');
  await writeFile(join(folder, 'logo.bin'), Buffer.from([0, 255, 1]));
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const code = await runCli({
    argv: argv.map((part) => part.replace('$DIR', folder)),
    version: '0.0.0',
    stdin: Readable.from([]),
    stdout,
    stderr,
    color: false,
    clock: systemClock,
    url: null,
    apiKey: 'key',
    editor: null,
    readVariable: () => undefined,
    readSetup: async () => ({
      dataDir: folder,
      configFile: null,
      accounts: [],
      warnings: [],
    }),
    startServer: () => Promise.reject(new Error('no server is to be started')),
    startSimulator: () => Promise.reject(new Error('no simulator is to be started')),
    onInterrupt: () => () => {},
    ...over,
  });
  stdout.end();
  stderr.end();
  return { code, folder, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

test('a run in a pipe tells its steps on standard error and its result on standard output', async (t) => {
  const gateway = await startGateway(t);
  const { code, out, err } = await run(t, ['run', '$DIR/brief.md'], { url: gateway.url });
  assert.equal(code, 0);
  assert.match(err, /t1 "Costs" calls openai\/m \(account a1\)/);
  assert.match(err, /Verdict \(simulated\): pass[\s\S]*✓ met\s+Names the cost[\s\S]*It costs 4\./);
  assert.match(err, /what was shown is scheduling, limits and recovery, not answer quality/);
  assert.equal(out.trim(), '## Costs\n\nIt costs 4.[2J', 'the result, without escape sequences');
  const posted = gateway.seen.find((request) => request.path === '/api/v1/projects');
  assert.equal(JSON.parse(posted?.body ?? '{}').clarify, 'auto');
});

test('with --json standard output is exactly the run as the gateway returns it', async (t) => {
  const gateway = await startGateway(t);
  const { out } = await run(t, ['run', '$DIR/brief.md', '--json'], { url: gateway.url });
  assert.deepEqual(JSON.parse(out), finishedRun());
});

test('a lost event stream is taken up again where it broke off', async (t) => {
  const gateway = await startGateway(t, { cutAfter: 3 });
  const { code, err } = await run(t, ['run', '$DIR/brief.md'], { url: gateway.url });
  assert.equal(code, 0);
  const streams = gateway.seen.filter((request) => request.path.endsWith('/events'));
  assert.equal(streams.length, 2);
  assert.equal(err.split('planned t1').length - 1, 1, 'no event is told twice');
});

test('the exit code tells a verdict that did not pass, a spent budget and a lack of capacity apart', async (t) => {
  const codeOf = async (over: Partial<RunDocument>) => {
    const gateway = await startGateway(t, { run: finishedRun(over) });
    return (await run(t, ['run', '$DIR/brief.md'], { url: gateway.url })).code;
  };
  assert.equal(await codeOf({ verdict: { decision: 'partial', criteria: [] } }), 3);
  assert.equal(await codeOf({ failure: { code: 'budget_exhausted', message: 'Spent.' } }), 4);
  assert.equal(
    await codeOf({ status: 'failed', failure: { code: 'no_capacity', message: 'Full.' } }),
    5,
  );
  assert.equal(
    await codeOf({ status: 'failed', failure: { code: 'upstream_failed', message: 'Down.' } }),
    1,
  );
});

test('wrong usage is exit code 2 with one clear sentence and no stack', async (t) => {
  for (const argv of [
    ['run'],
    ['run', '/nowhere.md'],
    ['run', '$DIR/brief.md', '--lane', 'fast'],
    ['fly'],
    ['run', '$DIR/brief.md', '--timeout', 'soon'],
  ]) {
    const { code, err, out } = await run(t, argv);
    assert.equal(code, 2, argv.join(' '));
    assert.doesNotMatch(err, /\n\s+at /);
    assert.equal(out, '');
  }
});

test('the words of the gateway reach the person: what, and what to do', async (t) => {
  const gateway = await startGateway(t);
  const { code, err } = await run(t, ['runs', 'show', 'run_unknown'], { url: gateway.url });
  assert.equal(code, 1);
  assert.match(err, /There is no such thing here.*\[not_found\]\n {2}Check the id\./);
});

test('--out writes the result and its files, and refuses a path that leaves the folder', async (t) => {
  const artifacts = [{ path: 'src/a.py', media_type: 'text/plain', bytes: 3, task_id: 'tsk_1' }];
  const good = await startGateway(t, {
    run: finishedRun({ artifacts }),
    artifacts: { 'src/a.py': 'x=1' },
  });
  const { folder, code } = await run(t, ['run', '$DIR/brief.md', '--out', '$DIR/out'], {
    url: good.url,
  });
  assert.equal(code, 0);
  assert.equal(await readFile(join(folder, 'out/src/a.py'), 'utf8'), 'x=1');
  assert.match(await readFile(join(folder, 'out/result.md'), 'utf8'), /It costs 4[\s\S]*[^\n]\n$/);

  const evil = await startGateway(t, {
    run: finishedRun({ artifacts: [{ ...artifacts[0]!, path: '../../escaped.txt' }] }),
  });
  const refused = await run(t, ['run', '$DIR/brief.md', '--out', '$DIR/out'], { url: evil.url });
  assert.equal(refused.code, 1);
  assert.match(refused.err, /leaves the folder/);
});

test('the first run with real accounts in a pipe needs --yes', async (t) => {
  const gateway = await startGateway(t, { model: { simulated: false } });
  const accounts = [
    { id: 'openai-env', provider: 'openai', managedBy: 'environment' },
    { id: 'qwen-a', provider: 'qwen', managedBy: 'api' },
  ];
  const real = {
    readSetup: async () => emptySetup,
    startServer: async () => ({ ...serverAt(gateway.url), accounts, simulated: false }),
  };
  const { code, err } = await run(t, ['run', '$DIR/brief.md'], real);
  assert.equal(code, 2);
  assert.match(err, /openai-env \(openai, from the environment\)/);
  assert.match(
    err,
    /qwen-a \(qwen, added with accounts add\)[\s\S]*estimate \$0\.\d+ to \$0\.\d+; budget \$1\.00/,
  );
  assert.match(err, /--yes/);
  assert.ok(!gateway.seen.some((request) => request.path === '/api/v1/projects'));
});

test('the set-up is read once, and a binary attachment is not passed over in silence', async (t) => {
  const gateway = await startGateway(t);
  let read = 0;
  const { code, err } = await run(
    t,
    ['run', '$DIR/brief.md', '--attach', '$DIR/logo.bin', '--yes'],
    {
      readSetup: async () => {
        read += 1;
        return emptySetup;
      },
      startServer: async () => serverAt(gateway.url),
    },
  );
  assert.equal(code, 0, err);
  assert.equal(read, 1);
  assert.match(err, /warning: logo\.bin is no text: models learn its name, type and size/);
});

test('rounds of rework reach the gateway as they were typed', async (t) => {
  const gateway = await startGateway(t);
  const { code, err } = await run(t, ['run', '$DIR/brief.md', '--rework', '2'], {
    url: gateway.url,
  });
  assert.equal(code, 0, err);
  const accepted = gateway.seen.find(({ path }) => path === '/api/v1/projects');
  assert.equal(JSON.parse(accepted?.body ?? '{}').rework, 2);
});

test('a duration without its unit and a panel of one are refused before anything begins', async (t) => {
  for (const argv of [
    ['--timeout', '5'],
    ['--panel', '0'],
    ['--panel', '1'],
  ]) {
    const { code, err } = await run(t, ['run', '$DIR/brief.md', ...argv]);
    assert.equal(code, 2, argv.join(' '));
    assert.match(err, /such as 90s, 30m|from 2 to 8; left out, one model answers/);
  }
});
