import type { Breach } from '../../limits/gate.ts';
import type { Reason, Refusal } from '../wire.ts';
import { writeDuration } from './write-duration.ts';

type OpenaiError = { status: number; message: string; type: string; param?: string; code?: string };

export function refuseAsOpenai(reason: Reason): Refusal {
  const error = explain(reason);
  return {
    status: error.status,
    headers: reason.kind === 'limited' && !reason.bare ? retryHeaders(reason.breach) : {},
    body: {
      error: {
        message: error.message,
        type: error.type,
        param: error.param ?? null,
        code: error.code ?? null,
      },
    },
  };
}

function explain(reason: Reason): OpenaiError {
  const type = 'invalid_request_error';
  switch (reason.kind) {
    case 'unauthorized':
      return {
        status: 401,
        message: reason.secret
          ? `Incorrect API key provided: ${reason.secret.slice(0, 3)}***. You can find your API key at https://platform.openai.com/account/api-keys.`
          : "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
        type,
        ...(reason.secret ? { code: 'invalid_api_key' } : {}),
      };
    case 'no_route':
      return { status: 404, message: `Invalid URL (${reason.path})`, type };
    case 'bad_json':
      return {
        status: 400,
        message: 'We could not parse the JSON body of your request.',
        type,
      };
    case 'invalid':
      return { status: 400, type, ...reason };
    case 'unknown_model':
      return {
        status: 404,
        message: `The model \`${reason.model}\` does not exist or you do not have access to it.`,
        type,
        code: 'model_not_found',
      };
    case 'too_long':
      return {
        status: 400,
        message: `This model's maximum context length is ${reason.maximum} tokens. However, your messages resulted in ${reason.tokens} tokens. Please reduce the length of the messages.`,
        type,
        param: 'messages',
        code: 'context_length_exceeded',
      };
    case 'limited':
      return explainLimit(reason.breach, reason.model);
    case 'unpaid':
      return {
        status: 429,
        message: 'You exceeded your current quota, please check your plan and billing details.',
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      };
    case 'overloaded':
    case 'unavailable':
      return {
        status: 503,
        message: 'The engine is currently overloaded, please try again later',
        type: 'server_error',
        code: 'server_is_overloaded',
      };
    case 'server_error':
      return {
        status: 500,
        message: 'The server had an error while processing your request. Sorry about that!',
        type: 'server_error',
      };
  }
}

function explainLimit(breach: Breach, model: string): OpenaiError {
  const tokens = breach.dimension !== 'rpm' && breach.dimension !== 'rpd';
  const per = breach.period === 'day' ? 'day' : 'min';
  const short = `${tokens ? 'T' : 'R'}P${per === 'day' ? 'D' : 'M'}`;
  const what = `${model} in organization org-simulated on ${tokens ? 'tokens' : 'requests'} per ${per} (${short}): Limit ${breach.limit}`;
  const message = Number.isFinite(breach.waitMs)
    ? `Rate limit reached for ${what}, Used ${breach.used}, Requested ${breach.requested}. Please try again in ${writeDuration(breach.waitMs)}. Visit https://platform.openai.com/account/rate-limits to learn more.`
    : `Request too large for ${what}, Requested ${breach.requested}. The input or output tokens must be reduced in order to run successfully.`;
  return {
    status: 429,
    message,
    type: tokens ? 'tokens' : 'requests',
    code: 'rate_limit_exceeded',
  };
}

function retryHeaders({ waitMs }: Breach): Record<string, string> {
  if (!Number.isFinite(waitMs)) return {};
  return {
    'retry-after': String(Math.ceil(waitMs / 1000)),
    'retry-after-ms': String(Math.ceil(waitMs)),
  };
}
