import type { SimulatedAccount } from '../../accounts.ts';
import { matchesModel } from '../../limits/matches-model.ts';
import { modelsOf } from '../../models.ts';
import { bearerSecret } from '../bearer.ts';
import { type ChatDialect, writeChatAnswer, writeChatFrames } from '../chat/chat-answer.ts';
import { readChatRequest, toCall } from '../chat/chat-request.ts';
import type { CallReading, Route, Wire } from '../wire.ts';
import { refuseAsQwen } from './qwen-refuse.ts';

const dialect: ChatDialect = {
  idOf: (reply) => `chatcmpl-${reply.id.slice(0, 32)}`,
  extra: { system_fingerprint: null },
  message: {},
  usageInLastChunk: false,
  usage: ({ usage }) => ({
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached, cache_creation_input_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  }),
};

export const qwenWire: Wire = {
  provider: 'qwen',
  requestIdHeader: 'x-request-id',
  secretOf: bearerSecret,
  route: routeQwen,
  readCall,
  refuse: refuseAsQwen,
  limitHeaders: () => ({}),
  answer: (call, reply) => writeChatAnswer(call, reply, dialect),
  frames: (call, reply) => writeChatFrames(call, reply, dialect),
};

function routeQwen(method: string, path: string, url: URL): Route | undefined {
  if (method === 'POST' && path === '/compatible-mode/v1/chat/completions') {
    return { kind: 'call', model: undefined, stream: undefined };
  }
  if (method === 'GET' && path === '/compatible-mode/v1/models') {
    const data = modelsOf('qwen').map(({ id, created }) => ({
      id,
      object: 'model',
      created,
      owned_by: 'system',
    }));
    return { kind: 'read', answer: () => ({ object: 'list', data }) };
  }
  if (method !== 'GET' || path !== '/api/v1/quotas') return undefined;
  return { kind: 'read', answer: (account) => listQuotas(account, url.searchParams) };
}

/** Model Studio's "List model quotas": `model` exactly, `name` anywhere in the name, in pages. */
function listQuotas(account: SimulatedAccount, asked: URLSearchParams) {
  const [model, name] = [asked.get('model'), asked.get('name') ?? ''];
  const page = Number(asked.get('page_no') ?? 1);
  const size = Number(asked.get('page_size') ?? 20);
  const found = account.models.filter((id) => (model === null ? id.includes(name) : id === model));
  const quotas = found
    .slice((page - 1) * size, page * size)
    .map((id) => describeQuota(account, id));
  const output = { total: found.length, page_no: page, page_size: size, quotas };
  return { request_id: `sim-${account.id}`, output };
}

function describeQuota(account: SimulatedAccount, model: string) {
  const limit = account.limits.find(({ models }) =>
    models.some((glob) => matchesModel(glob, model)),
  );
  return {
    model,
    workspace_id: `ws-${account.id}`,
    model_limit: {
      request_limit: limit?.rpm ?? null,
      request_limit_period: 60,
      usage_limit: limit?.tpm ?? null,
      usage_limit_field: 'total_tokens',
      usage_limit_period: 60,
      async_user_queue_limit: null,
      async_user_concurrency_limit: null,
    },
    workspace_limit: null,
  };
}

function readCall(body: unknown): CallReading {
  const reading = readChatRequest(body);
  if (!reading.ok) return reading;
  const { request } = reading;
  const thinking = request.enable_thinking === true;
  if (thinking && request.response_format && request.response_format.type !== 'text') {
    const message = 'Json mode response is not supported when enable_thinking is true';
    return { ok: false, reason: { kind: 'invalid', message } };
  }
  const maxTokens = request.max_tokens ?? request.max_completion_tokens ?? undefined;
  return toCall(request, { maxTokens, thinking, showThinking: thinking });
}
