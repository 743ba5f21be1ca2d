import { modelsOf } from '../../models.ts';
import { bearerSecret } from '../bearer.ts';
import { type ChatDialect, writeChatAnswer, writeChatFrames } from '../chat/chat-answer.ts';
import { type ChatRequest, readChatRequest, toCall } from '../chat/chat-request.ts';
import type { CallReading, Reason, Route, Wire } from '../wire.ts';
import { findSchemaFault } from './check-strict-schema.ts';
import { writeOpenaiLimits } from './openai-limit-headers.ts';
import { routeOpenaiAdmin } from './openai-project-limits.ts';
import { refuseAsOpenai } from './openai-refuse.ts';

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
const reasoningModel = /^(o\d|gpt-[5-9])/;

const dialect: ChatDialect = {
  idOf: (reply) => `chatcmpl-${reply.id.slice(0, 29)}`,
  extra: { service_tier: 'default', system_fingerprint: 'fp_simulated' },
  message: { refusal: null },
  usageInLastChunk: false,
  usage: ({ usage }) => ({
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached, cache_write_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }),
};

export const openaiWire: Wire = {
  provider: 'openai',
  requestIdHeader: 'x-request-id',
  secretOf: bearerSecret,
  route: routeOpenai,
  adminRoute: routeOpenaiAdmin,
  readCall,
  refuse: refuseAsOpenai,
  limitHeaders: writeOpenaiLimits,
  answer: (call, reply) => writeChatAnswer(call, reply, dialect),
  frames: (call, reply) => writeChatFrames(call, reply, dialect),
};

function routeOpenai(method: string, path: string): Route | undefined {
  if (method === 'POST' && path === '/v1/chat/completions') {
    return { kind: 'call', model: undefined, stream: undefined };
  }
  if (method !== 'GET') return undefined;
  if (path === '/v1/models') {
    const list = (models: readonly string[]) =>
      modelsOf('openai').filter(({ id }) => models.includes(id));
    return {
      kind: 'read',
      answer: (account) => ({ object: 'list', data: list(account.models).map(describeModel) }),
    };
  }
  const model = modelsOf('openai').find(({ id }) => path === `/v1/models/${id}`);
  return model && { kind: 'read', answer: () => describeModel(model) };
}

function describeModel(model: { id: string; created: number }) {
  return { id: model.id, object: 'model', created: model.created, owned_by: 'system' };
}

function readCall(body: unknown): CallReading {
  const reading = readChatRequest(body);
  if (!reading.ok) return reading;
  const { request } = reading;
  const reason = findFault(request);
  if (reason) return { ok: false, reason };
  return toCall(request, {
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? undefined,
    thinking: reasoningModel.test(request.model) && request.reasoning_effort !== 'none',
    showThinking: false,
  });
}

function findFault(request: ChatRequest): Reason | undefined {
  if (request.max_tokens && reasoningModel.test(request.model)) {
    return {
      kind: 'invalid',
      message:
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      param: 'max_tokens',
      code: 'unsupported_parameter',
    };
  }
  const effort = request.reasoning_effort;
  if (effort && !efforts.includes(effort)) {
    return {
      kind: 'invalid',
      message: `Invalid value: '${effort}'. Supported values are: ${efforts.map((name) => `'${name}'`).join(', ')}.`,
      param: 'reasoning_effort',
      code: 'invalid_value',
    };
  }
  const format = request.response_format;
  if (format?.type !== 'json_schema' || !format.json_schema.strict) return undefined;
  const fault = findSchemaFault(format.json_schema.schema, { allRequired: true });
  if (!fault) return undefined;
  const message = `Invalid schema for response_format '${format.json_schema.name}': ${fault}`;
  return { kind: 'invalid', message, param: 'response_format' };
}
