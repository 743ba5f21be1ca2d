import type { Reason, Refusal } from '../wire.ts';

/** DeepSeek's errors have OpenAI's shape; most carry the code `invalid_request_error`. */
export function refuseAsDeepseek(reason: Reason): Refusal {
  const [status, message, type] = explain(reason);
  return {
    status,
    headers: {},
    body: { error: { message, type, param: null, code: 'invalid_request_error' } },
  };
}

function explain(reason: Reason): [status: number, message: string, type: string] {
  const type = 'invalid_request_error';
  switch (reason.kind) {
    case 'unauthorized':
      return [
        401,
        reason.secret
          ? `Authentication Fails, Your api key: ****${reason.secret.slice(-4)} is invalid`
          : 'Authentication Fails (governor)',
        'authentication_error',
      ];
    case 'no_route':
      return [404, `Not Found: ${reason.path}`, type];
    case 'bad_json':
      return [400, 'Failed to parse the request body as JSON', type];
    case 'invalid':
      return reason.code === 'missing_required_parameter'
        ? [422, `Failed to deserialize the JSON body into the target type: ${reason.message}`, type]
        : [400, reason.message, type];
    case 'unknown_model':
      return [400, 'Model Not Exist', type];
    case 'too_long':
      return [
        400,
        `This model's maximum context length is ${reason.maximum} tokens. However, you requested ${reason.tokens} tokens. Please reduce the length of the messages or completion.`,
        type,
      ];
    case 'limited':
      return [
        429,
        'Rate Limit Reached: you are sending requests too quickly. Please pace your requests reasonably.',
        'rate_limit_error',
      ];
    case 'unpaid':
      return [402, 'Insufficient Balance', 'unknown_error'];
    case 'overloaded':
    case 'unavailable':
      return [
        503,
        'Service is too busy. Please retry your request later.',
        'service_unavailable_error',
      ];
    case 'server_error':
      return [500, 'Internal server error', 'server_error'];
  }
}
