import { modelsOf, type SimulatedModel } from '../../models.ts';
import { bearerSecret } from '../bearer.ts';
import type { Route, Wire } from '../wire.ts';
import { writeAnthropicAnswer, writeAnthropicFrames } from './anthropic-answer.ts';
import { writeAnthropicLimits } from './anthropic-limit-headers.ts';
import { routeAnthropicAdmin } from './anthropic-rate-limits.ts';
import { refuseAsAnthropic } from './anthropic-refuse.ts';
import { readAnthropicCall } from './anthropic-request.ts';

export const anthropicWire: Wire = {
  provider: 'anthropic',
  requestIdHeader: 'request-id',
  secretOf: (headers) => {
    const key = headers['x-api-key'];
    return typeof key === 'string' ? key : bearerSecret(headers);
  },
  route: routeAnthropic,
  adminRoute: routeAnthropicAdmin,
  readCall: (body, _route, headers) => readAnthropicCall(body, headers),
  refuse: refuseAsAnthropic,
  limitHeaders: writeAnthropicLimits,
  answer: writeAnthropicAnswer,
  frames: writeAnthropicFrames,
};

function routeAnthropic(method: string, path: string): Route | undefined {
  if (method === 'POST' && path === '/v1/messages') {
    return { kind: 'call', model: undefined, stream: undefined };
  }
  if (method !== 'GET') return undefined;
  const models = modelsOf('anthropic');
  if (path === '/v1/models') {
    const data = models.map(describeModel);
    const list = { data, has_more: false, first_id: data[0]?.id, last_id: data.at(-1)?.id };
    return { kind: 'read', answer: () => list };
  }
  const model = models.find(({ id }) => path === `/v1/models/${id}`);
  return model && { kind: 'read', answer: () => describeModel(model) };
}

function describeModel(model: SimulatedModel) {
  const [yes, no] = [{ supported: true }, { supported: false }];
  return {
    type: 'model',
    id: model.id,
    display_name: model.id
      .split('-')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(' '),
    created_at: new Date(model.created * 1000).toISOString().replace('.000Z', 'Z'),
    max_input_tokens: model.contextTokens,
    max_tokens: model.maxOutputTokens,
    capabilities: {
      batch: no,
      citations: no,
      code_execution: no,
      image_input: no,
      pdf_input: no,
      structured_outputs: yes,
      effort: { supported: true, low: yes, medium: yes, high: yes, xhigh: yes, max: yes },
      thinking: { supported: true, types: { adaptive: yes, enabled: yes } },
    },
  };
}
