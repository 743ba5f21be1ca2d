import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  Accepted,
  Orchestration,
  Principal,
  ProjectInput,
  Receipt,
  RerunInput,
} from '../../orchestration/index.ts';
import { createTestGateway, memberKey } from '../test-gateway.ts';

const accepted: Accepted = { id: 'prj_1', run_id: 'run_1', number: 1, status: 'queued' };

function setUp(t: Parameters<typeof createTestGateway>[0]) {
  const projects: { principal: Principal; input: ProjectInput; receipt: Receipt }[] = [];
  const reruns: RerunInput[] = [];
  const orchestration: Partial<Orchestration> = {
    async acceptProject(principal, input, receipt) {
      projects.push({ principal, input, receipt });
      return accepted;
    },
    async rerun(_principal, input) {
      reruns.push(input);
      return { ...accepted, number: 2 };
    },
  };
  const post = async (payload: object | undefined, url = '/api/v1/projects', headers = {}) => {
    const gateway = await createTestGateway(t, { orchestration });
    return gateway.inject({
      method: 'POST',
      url,
      headers: { ...memberKey, ...headers },
      ...(payload && { payload }),
    });
  };
  return { projects, reruns, post };
}

test('a brief alone is accepted, with what is recorded of its request', async (t) => {
  const { post, projects } = setUp(t);
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const response = await post({ brief: 'Viết một kế hoạch' }, undefined, {
    'x-request-id': 'req-of-mine',
    traceparent: `00-${trace}-00f067aa0ba902b7-01`,
  });
  assert.equal(response.statusCode, 202);
  assert.deepEqual(response.json(), accepted);
  const { principal, input, receipt } = projects[0]!;
  assert.deepEqual(principal, { tenantId: 'default', userId: 'usr_m', role: 'member' });
  assert.deepEqual(input, { brief: 'Viết một kế hoạch', files: [] });
  assert.equal(receipt.requestId, 'req-of-mine');
  assert.equal(receipt.traceId, trace);
  assert.equal(receipt.authMethod, 'key');
  assert.ok(Math.abs(receipt.receivedAt - Date.now()) < 60_000);
});

test('every setting reaches the orchestration, files decoded and the time-out in milliseconds', async (t) => {
  const { post, projects } = setUp(t);
  const settings = {
    models: ['gpt-4', 'openai/gpt-5.6-sol'],
    orchestrator: 'deepseek-r1',
    clarify: 'ask',
    approve: 'auto',
    panel: 3,
    budget: { usd: 1.5, tokens: 10_000 },
    lane: 'priority',
    rework: 2,
  };
  const files = [
    { name: 'a.txt', content: 'é' },
    { name: 'b.bin', content: 'AP8=', encoding: 'base64', media_type: 'image/png' },
  ];
  const response = await post({ brief: 'x', files, timeout: '30m', ...settings });
  assert.equal(response.statusCode, 202);
  assert.deepEqual(projects[0]?.input, {
    brief: 'x',
    ...settings,
    timeoutMs: 1_800_000,
    files: [
      { name: 'a.txt', mediaType: 'text/plain', content: Buffer.from('é') },
      { name: 'b.bin', mediaType: 'image/png', content: Buffer.from([0, 255]) },
    ],
  });
});

test('a brief that is empty, too large or no text is refused with its own code', async (t) => {
  const { post, projects } = setUp(t);
  const cases: [object, number, string][] = [
    [{ brief: '' }, 400, 'brief_empty'],
    [{ brief: ' \n\t ' }, 400, 'brief_empty'],
    [{ brief: 'é'.repeat((1 << 19) + 1) }, 413, 'brief_too_large'],
    [{ brief: 'a\0b' }, 400, 'brief_not_text'],
    [{ brief: 7 }, 400, 'request_invalid'],
  ];
  for (const [payload, status, code] of cases) {
    const response = await post(payload);
    assert.equal(response.statusCode, status);
    assert.equal(response.json().code, code);
  }
  assert.equal((await post({ brief: 'é'.repeat(1 << 19) })).statusCode, 202);
  assert.equal(projects.length, 1);
});

test('files that are no base64 or too large together, and a wrong time-out, are refused by name', async (t) => {
  const { post } = setUp(t);
  const large = {
    name: 'f',
    content: Buffer.alloc(11 << 20).toString('base64'),
    encoding: 'base64',
  };
  const cases: [object, number, string][] = [
    [
      { files: [{ name: 'f', content: 'not base64!', encoding: 'base64' }] },
      400,
      'body.files.0.content',
    ],
    [{ files: [large, large] }, 413, 'body.files'],
    [{ files: [{ name: 'a\u0007', content: '' }] }, 400, 'body.files.0.name'],
    [{ timeout: '30' }, 400, 'body.timeout'],
    [{ timeout: '8000h' }, 400, 'body.timeout'],
    [{ timeout: '0s' }, 400, 'body.timeout'],
    [{ panel: 1.5 }, 400, 'body.panel'],
    [{ panel: 0 }, 400, 'body.panel'],
    [{ panel: 1 }, 400, 'body.panel'],
    [{ panel: 9 }, 400, 'body.panel'],
    [{ budget: { usd: 0 } }, 400, 'body.budget.usd'],
  ];
  for (const [given, status, where] of cases) {
    const response = await post({ brief: 'x', ...given });
    assert.equal(response.statusCode, status, where);
    assert.equal(response.json().where, where);
    if (where === 'body.panel')
      assert.match(response.json().message ?? response.json().detail, /from 2 to 8; left out/);
  }
});

test('a rerun takes nothing, or a run, a task and what is to be different', async (t) => {
  const { post, reruns } = setUp(t);
  const url = '/api/v1/projects/prj_1/runs';
  assert.equal((await post(undefined, url)).json().number, 2);
  const response = await post(
    {
      from_run: 'run_1',
      from_task: 't2',
      overrides: {
        timeout: '90s',
        lane: 'batch',
        tasks: { t2: { model: 'qwen-2.5', max_tokens: 500 } },
      },
    },
    url,
  );
  assert.equal(response.statusCode, 202);
  assert.deepEqual(reruns[1], {
    projectId: 'prj_1',
    fromRun: 'run_1',
    fromTask: 't2',
    overrides: {
      settings: { lane: 'batch', timeoutMs: 90_000 },
      tasks: { t2: { model: 'qwen-2.5', maxTokens: 500 } },
    },
  });
  const unknown = await post({ overrides: { brief: 'x' } }, url);
  assert.equal(unknown.json().where, 'body.overrides.brief');
});
