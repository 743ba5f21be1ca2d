import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProvider } from './find-provider.ts';
import type { QuotaQuestion } from './quota.ts';

const secret = 'sk-quota';
const nothing: QuotaQuestion = { baseUrl: null, project: null, models: [] };

/** The only address of a vendor's, and what a document from there says. */
function sourceOf(name: string) {
  const [source] = findProvider(name).quotas;
  assert.ok(source);
  const read = (body: unknown, question: Partial<QuotaQuestion> = {}) =>
    source.read(body, { question: { ...nothing, ...question }, cursor: null });
  const url = (question: Partial<QuotaQuestion>) =>
    source.build({ ...nothing, ...question }, null, secret)?.url ?? null;
  return { source, read, url };
}

test('OpenAI tells the limits of a project to an administrator, page by page', () => {
  const { source, read, url } = sourceOf('openai');
  assert.equal(source.credential, 'admin');
  assert.equal(url({}), null);
  const base = 'https://api.openai.com/v1/organization/projects/proj_1/rate_limits';
  assert.equal(url({ project: 'proj_1' }), `${base}?limit=100`);
  const next = source.build({ ...nothing, project: 'proj_1' }, 'rl-b', secret);
  assert.equal(next?.url, `${base}?limit=100&after=rl-b`);
  assert.equal(next?.headers['authorization'], `Bearer ${secret}`);
  const limit = { object: 'project.rate_limit', id: 'rl-a', max_images_per_1_minute: 10 };
  const page = read({
    object: 'list',
    data: [
      { ...limit, model: 'a', max_requests_per_1_minute: 600, max_tokens_per_1_minute: 150_000 },
      {
        ...limit,
        model: 'b',
        max_requests_per_1_minute: 60,
        max_tokens_per_1_minute: 15_000,
        max_requests_per_1_day: 1000,
      },
    ],
    has_more: true,
    first_id: 'rl-a',
    last_id: 'rl-b',
  });
  assert.equal(page.next, 'rl-b');
  assert.deepEqual(
    page.limits.map(({ models, dimension, limit }) => [...models, dimension, limit]),
    [
      ['a', 'rpm', 600],
      ['a', 'tpm', 150_000],
      ['b', 'rpm', 60],
      ['b', 'tpm', 15_000],
      ['b', 'rpd', 1000],
    ],
  );
});

test('Anthropic tells those of the organisation, or of a workspace with what it inherits', () => {
  const { source, read, url } = sourceOf('anthropic');
  assert.equal(source.credential, 'admin');
  const base = 'https://api.anthropic.com/v1/organizations';
  assert.equal(url({}), `${base}/rate_limits?group_type=model_group`);
  assert.equal(
    url({ project: 'wrkspc_1' }),
    `${base}/workspaces/wrkspc_1/rate_limits?group_type=model_group&include_inherited=true`,
  );
  const { limits, next } = read({
    data: [
      {
        type: 'rate_limit',
        id: 'r1',
        group: { type: 'model_group', id: 'rlg_1', display_name: 'Opus' },
        models: ['claude-opus-5-5', 'claude-opus-5-5-latest'],
        limits: [
          { type: 'requests_per_minute', value: 1000 },
          { type: 'input_tokens_per_minute_cache_aware', value: 2_000_000 },
          { type: 'output_tokens_per_minute', value: 400_000 },
          { type: 'fast_otpm', value: 1 },
        ],
      },
      { models: null, limits: [{ type: 'requests_per_minute', value: 5 }] },
    ],
    next_page: null,
  });
  assert.equal(next, null);
  assert.deepEqual(
    limits.map(({ models, dimension, limit }) => [models.length, dimension, limit]),
    [
      [2, 'rpm', 1000],
      [2, 'itpm', 2_000_000],
      [2, 'otpm', 400_000],
    ],
  );
});

test('DashScope tells those of one model at a time, per second or per minute', () => {
  const { source, read, url } = sourceOf('qwen');
  assert.equal(source.credential, 'call');
  assert.equal(
    url({ models: ['qwen3.8-max'] }),
    'https://dashscope-intl.aliyuncs.com/api/v1/quotas?model=qwen3.8-max',
  );
  assert.equal(url({ models: ['m'], baseUrl: 'https://proxy.example.com/v1' }), null);
  const none = { usage_limit: null, usage_limit_field: null, usage_limit_period: null };
  const body = {
    request_id: 'r',
    output: {
      total: 1,
      page_no: 1,
      page_size: 20,
      quotas: [
        {
          model: 'qwen3.8-max',
          workspace_id: 'ws',
          model_limit: {
            request_limit: 10,
            request_limit_period: 1,
            usage_limit: 1_000_000,
            usage_limit_field: 'total_tokens',
            usage_limit_period: 60,
            async_user_queue_limit: null,
          },
          workspace_limit: { request_limit: 300, request_limit_period: 60, ...none },
        },
      ],
    },
  };
  const models = ['qwen3.8-max', 'qwen3.8-flash'];
  const page = read(body, { models });
  assert.deepEqual(
    page.limits.map(({ dimension, limit }) => [dimension, limit]),
    [
      ['rpm', 600],
      ['tpm', 1_000_000],
      ['rpm', 300],
    ],
  );
  assert.equal(page.next, '1');
  assert.match(
    source.build({ ...nothing, models }, '1', secret)?.url ?? '',
    /model=qwen3.8-flash$/,
  );
});

test('DeepSeek and OpenRouter say whether there is money left', () => {
  const deepseek = sourceOf('deepseek');
  assert.equal(deepseek.url({}), 'https://api.deepseek.com/user/balance');
  const v1 = { baseUrl: 'https://api.deepseek.com/v1' };
  assert.equal(deepseek.url(v1), 'https://api.deepseek.com/user/balance');
  const info = (total: string) => ({ currency: 'CNY', total_balance: total });
  assert.equal(
    deepseek.read({ is_available: false, balance_infos: [info('0.10')] }).solvent,
    false,
  );
  assert.equal(deepseek.read({ balance_infos: [info('0.00'), info('2.50')] }).solvent, true);
  assert.equal(deepseek.read({ balance_infos: [info('0.00')] }).solvent, false);
  assert.equal(deepseek.read({}).solvent, null);

  const host = findProvider({ id: 'router', baseUrl: 'https://openrouter.ai/api/v1' });
  const [source] = host.quotas;
  assert.equal(source?.build(nothing, null, secret)?.url, 'https://openrouter.ai/api/v1/key');
  const solvent = (limit_remaining: number | null) =>
    source?.read({ data: { limit_remaining } }, { question: nothing, cursor: null }).solvent;
  assert.deepEqual([solvent(74.5), solvent(0), solvent(null)], [true, false, null]);
  const vllm = findProvider({ id: 'vllm', baseUrl: 'http://10.0.0.7:8000/v1' });
  assert.equal(vllm.quotas[0]?.build(nothing, null, secret), null);
});

test('a document of another shape is no statement', () => {
  for (const name of ['openai', 'anthropic', 'qwen']) {
    assert.throws(() => sourceOf(name).read({ data: 'soon' }), { name: 'ZodError' }, name);
  }
  assert.throws(() => sourceOf('deepseek').read([]), { name: 'ZodError' });
});
