import { modelsOf } from '../../models.ts';
import { bearerSecret } from '../bearer.ts';
import { type ChatDialect, writeChatAnswer, writeChatFrames } from '../chat/chat-answer.ts';
import { readChatRequest, toCall } from '../chat/chat-request.ts';
import type { CallReading, Route, Wire } from '../wire.ts';
import { refuseAsDeepseek } from './deepseek-refuse.ts';

const dialect: ChatDialect = {
  idOf: (reply) => reply.id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
  extra: { system_fingerprint: 'fp_simulated' },
  message: {},
  usageInLastChunk: true,
  usage: ({ usage }) => ({
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
    prompt_cache_hit_tokens: usage.cached,
    prompt_cache_miss_tokens: usage.input - usage.cached,
  }),
};

export const deepseekWire: Wire = {
  provider: 'deepseek',
  requestIdHeader: 'x-ds-trace-id',
  secretOf: bearerSecret,
  route: routeDeepseek,
  readCall,
  refuse: refuseAsDeepseek,
  limitHeaders: () => ({}),
  answer: (call, reply) => writeChatAnswer(call, reply, dialect),
  frames: (call, reply) => writeChatFrames(call, reply, dialect),
  keepAlive: { streamed: ': keep-alive\n\n', plain: '\n' },
};

function routeDeepseek(method: string, fullPath: string): Route | undefined {
  const path = fullPath.replace(/^\/v1(?=\/)/, '');
  if (method === 'POST' && path === '/chat/completions') {
    return { kind: 'call', model: undefined, stream: undefined };
  }
  if (method === 'GET' && path === '/models') {
    const list = modelsOf('deepseek').map(({ id }) => ({
      id,
      object: 'model',
      owned_by: 'deepseek',
    }));
    return { kind: 'read', answer: () => ({ object: 'list', data: list }) };
  }
  if (method !== 'GET' || path !== '/user/balance') return undefined;
  return { kind: 'read', answer: (_account, { unpaid }) => writeBalance(unpaid) };
}

function writeBalance(unpaid: boolean) {
  const [total, granted, toppedUp] = unpaid
    ? ['0.00', '0.00', '0.00']
    : ['110.00', '10.00', '100.00'];
  const balance = {
    currency: 'USD',
    total_balance: total,
    granted_balance: granted,
    topped_up_balance: toppedUp,
  };
  return { is_available: !unpaid, balance_infos: [balance] };
}

function readCall(body: unknown): CallReading {
  const reading = readChatRequest(body);
  if (!reading.ok) return reading;
  const { request } = reading;
  if (request.response_format?.type === 'json_schema') {
    const message = 'This response_format type is unavailable now';
    return { ok: false, reason: { kind: 'invalid', message } };
  }
  const thinking = request.thinking?.type !== 'disabled';
  const maxTokens = request.max_tokens ?? request.max_completion_tokens ?? undefined;
  return toCall(request, { maxTokens, thinking, showThinking: thinking });
}
