import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Orchestration, PlanDocument, RunSummary } from '../../orchestration/index.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { createTestGateway, fakeRun, memberKey } from '../test-gateway.ts';

const summary: RunSummary = {
  id: 'run_1',
  project_id: 'prj_1',
  title: 'The harbour',
  number: 1,
  status: 'paused',
  simulated: true,
  rounds: 0,
  decision: null,
  created_at: '2026-01-01T00:00:00.000Z',
  started_at: null,
  finished_at: null,
  usage: { input_tokens: 0, output_tokens: 0, cost_usd: null },
};

async function setUp(
  t: Parameters<typeof createTestGateway>[0],
  orchestration: Partial<Orchestration>,
) {
  const delivered: string[] = [];
  const gateway = await createTestGateway(t, {
    orchestration: {
      async recordDelivery(_principal, runId) {
        delivered.push(runId);
      },
      ...orchestration,
    },
  });
  return {
    delivered,
    get: (path: string, headers = {}) =>
      gateway.inject({ url: `/api/v1${path}`, headers: { ...memberKey, ...headers } }),
    sendPlan: (method: 'PUT' | 'PATCH', payload: object, headers = {}) =>
      gateway.inject({
        method,
        url: '/api/v1/runs/run_1/plan',
        headers: { ...memberKey, ...headers },
        payload,
      }),
    post: (path: string, payload?: object) =>
      gateway.inject({
        method: 'POST',
        url: `/api/v1${path}`,
        headers: memberKey,
        ...(payload && { payload }),
      }),
  };
}

test('a run is read exactly as orchestration tells it, and only a finished one is delivered', async (t) => {
  let run = fakeRun();
  const { get, delivered } = await setUp(t, { readRun: async () => run });
  assert.deepEqual((await get('/runs/run_1')).json(), run);
  assert.deepEqual(delivered, []);
  run = fakeRun({
    status: 'failed',
    failure: { code: 'budget_exhausted', message: 'Spent.' },
    result: '# Done',
  });
  assert.deepEqual((await get('/runs/run_1')).json(), run);
  assert.deepEqual(delivered, ['run_1']);
});

test('lists are pages with a cursor and a bounded limit', async (t) => {
  const asked: object[] = [];
  const { get } = await setUp(t, {
    async listRuns(_principal, page) {
      asked.push(page);
      return { items: [summary], next_cursor: 'c2' };
    },
    listProjects: async () => ({ items: [], next_cursor: null }),
  });
  const page = await get('/runs?limit=1&cursor=c1&project_id=prj_1');
  assert.deepEqual(page.json(), { data: [summary], next_cursor: 'c2' });
  assert.deepEqual(asked[0], { limit: 1, cursor: 'c1', projectId: 'prj_1' });
  assert.deepEqual((await get('/projects')).json(), { data: [], next_cursor: null });
  for (const query of ['limit=0', 'limit=201', 'limit=x', 'offset=1', 'cursor=']) {
    assert.equal((await get(`/runs?${query}`)).statusCode, 400, query);
  }
});

test('a result is Markdown, or JSON to those who prefer it, and is then delivered', async (t) => {
  const document = { run_id: 'run_1', status: 'succeeded' as const, result: '# Kết quả' };
  const { get, delivered } = await setUp(t, { readResult: async () => document });
  const text = await get('/runs/run_1/result');
  assert.equal(text.headers['content-type'], 'text/markdown; charset=utf-8');
  assert.equal(text.body, '# Kết quả');
  assert.equal(text.headers['vary'], 'accept');
  const json = await get('/runs/run_1/result', { accept: 'text/markdown;q=0.5, application/json' });
  assert.deepEqual(json.json(), document);
  assert.deepEqual(delivered, ['run_1', 'run_1']);
});

test('a result that is not there yet is a conflict that tells the state, and is not delivered', async (t) => {
  const { get, delivered } = await setUp(t, {
    async readResult() {
      throw new HeadraceError('conflict', { message: 'The run is merging.' });
    },
  });
  const response = await get('/runs/run_1/result');
  assert.equal(response.statusCode, 409);
  assert.match(response.json().detail, /merging/);
  assert.deepEqual(delivered, []);
});

test('that a delivery cannot be recorded does not cost the client its result', async (t) => {
  const { get } = await setUp(t, {
    readResult: async () => ({ run_id: 'run_1', status: 'succeeded', result: 'x' }),
    async recordDelivery() {
      throw new HeadraceError('store_unavailable');
    },
  });
  assert.equal((await get('/runs/run_1/result')).body, 'x');
});

test('an artifact is a download by its whole path and can be no page of ours', async (t) => {
  const asked: object[] = [];
  const { get } = await setUp(t, {
    async readArtifact(_principal, artifact) {
      asked.push(artifact);
      return { path: artifact.path, mediaType: 'text/html', content: Buffer.from('<script>') };
    },
  });
  const response = await get("/runs/run_1/artifacts/site/b%C3%A1o%20c'%22o.html");
  assert.equal(response.body, '<script>');
  assert.deepEqual(asked, [{ runId: 'run_1', path: 'site/báo c\'"o.html' }]);
  assert.equal(
    response.headers['content-disposition'],
    "attachment; filename*=UTF-8''b%C3%A1o%20c%27%22o.html",
  );
  assert.match(String(response.headers['content-security-policy']), /sandbox/);
});

test('a diagram is plain text', async (t) => {
  const { get } = await setUp(t, { drawDiagram: async () => 'sequenceDiagram\n' });
  const diagram = await get('/runs/run_1/diagram');
  assert.equal(diagram.headers['content-type'], 'text/plain; charset=utf-8');
  assert.equal(diagram.body, 'sequenceDiagram\n');
});

const plan: PlanDocument = {
  run_id: 'run_1',
  status: 'awaiting_approval',
  version: 3,
  tasks: [
    {
      key: 't1',
      title: 'Costs',
      instruction: 'Name them.',
      kind: 'section',
      deps: [],
      acceptance: ['It names a cost.'],
      max_tokens: 400,
      required: true,
      path: null,
      models: [],
      panel: 0,
      id: 'tsk_1',
      depends_on: [],
      lane: 'standard',
      status: 'pending',
    },
  ],
};

test('a plan can be sent back as it was read, under the version that it was read with', async (t) => {
  const asked: unknown[] = [];
  const { get, sendPlan } = await setUp(t, {
    readPlan: async () => plan,
    replacePlan: async (_principal, input) => {
      asked.push(input);
      return plan;
    },
  });
  const read = await get('/runs/run_1/plan');
  assert.equal(read.headers['etag'], '"3"');
  assert.deepEqual(read.json(), plan);
  const put = await sendPlan('PUT', read.json());
  assert.equal(put.statusCode, 200, put.body);
  assert.deepEqual(asked, [
    {
      runId: 'run_1',
      version: 3,
      tasks: [
        {
          key: 't1',
          title: 'Costs',
          instruction: 'Name them.',
          kind: 'section',
          deps: [],
          acceptance: ['It names a cost.'],
          maxTokens: 400,
          required: true,
          path: null,
          models: [],
          panel: 0,
        },
      ],
    },
  ]);
  const typo = { tasks: [{ ...plan.tasks[0], max_token: 9 }] };
  const refused = await sendPlan('PUT', typo);
  assert.equal(refused.statusCode, 400, refused.body);
  assert.match(refused.body, /max_token/);
});

test('a patch names the version that it changes, in its body or in If-Match', async (t) => {
  const versions: number[] = [];
  const { sendPlan } = await setUp(t, {
    patchPlan: async (_principal, patch) => {
      versions.push(patch.version);
      return plan;
    },
  });
  const operations = [{ op: 'cancel', id: 't1' }];
  const patch = (body: object, headers = {}) => sendPlan('PATCH', { operations, ...body }, headers);
  assert.equal((await patch({ version: 2 })).statusCode, 200);
  assert.equal((await patch({}, { 'if-match': '"3"' })).statusCode, 200);
  assert.deepEqual(versions, [2, 3]);
  assert.equal((await patch({})).json().where, 'version');
  assert.equal((await patch({ version: 2 }, { 'if-match': '"3"' })).json().where, 'if-match');
  assert.deepEqual(versions, [2, 3]);
});

test('each command reaches its own verb with the run, takes no body, and refuses one', async (t) => {
  const called: string[] = [];
  const redriven = { redriven: 2, run_id: 'run_1' };
  const verb = (name: string) => async (_principal: unknown, runId: string) => {
    called.push(`${name} ${runId}`);
    return summary;
  };
  const { post } = await setUp(t, {
    approvePlan: verb('plan'),
    pauseRun: verb('pause'),
    resumeRun: verb('resume'),
    cancelRun: verb('cancel'),
    async redriveRun(_principal, runId) {
      called.push(`redrive ${runId}`);
      return redriven;
    },
  });
  const verbs = ['plan', 'pause', 'resume', 'cancel', 'redrive'];
  for (const name of verbs) {
    const response = await post(`/runs/run_1/${name}`);
    assert.deepEqual(response.json(), name === 'redrive' ? redriven : summary);
    assert.equal((await post(`/runs/run_1/${name}`, {})).statusCode, 200);
    assert.equal((await post(`/runs/run_1/${name}`, { x: 1 })).statusCode, 400);
  }
  assert.deepEqual(
    called,
    verbs.flatMap((name) => [`${name} run_1`, `${name} run_1`]),
  );
});

test('answers name the question by its index', async (t) => {
  const asked: object[] = [];
  const { post } = await setUp(t, {
    async answerQuestions(_principal, input) {
      asked.push(input);
      return summary;
    },
  });
  const answers = [{ index: 0, answer: 'Hà Nội' }];
  assert.deepEqual((await post('/runs/run_1/answers', { answers })).json(), summary);
  assert.deepEqual(asked, [{ runId: 'run_1', answers }]);
  const wrong = await post('/runs/run_1/answers', { answers: [{ index: -1, answer: 'x' }] });
  assert.equal(wrong.json().where, 'body.answers.0.index');
});
