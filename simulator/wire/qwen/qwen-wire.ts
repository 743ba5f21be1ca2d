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
  const model = url.searchParams.get('model') ?? 'qwen3.8-max';
  return { kind: 'read', answer: (account) => describeQuota(account, model) };
}

/** The answer's schema is not published; these are the three numbers that it is said to hold. */
function describeQuota(account: SimulatedAccount, model: string) {
  const limit = account.limits.find(({ models }) =>
    models.some((glob) => matchesModel(glob, model)),
  );
  const rpm = limit?.rpm ?? null;
  const quota = { model, rpm, qps: rpm === null ? null : rpm / 60, tpm: limit?.tpm ?? null };
  return { request_id: `sim-${account.id}`, data: quota };
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
