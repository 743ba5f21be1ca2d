import type { Breach } from '../../limits/gate.ts';
import type { Reason, Refusal } from '../wire.ts';

export function refuseAsAnthropic(reason: Reason, requestId: string): Refusal {
  const [status, type, message] = explain(reason);
  return {
    status,
    headers: reason.kind === 'limited' && !reason.bare ? retryHeaders(reason.breach) : {},
    body: { type: 'error', error: { type, message }, request_id: requestId },
  };
}

function explain(reason: Reason): [status: number, type: string, message: string] {
  const invalid = 'invalid_request_error';
  switch (reason.kind) {
    case 'unauthorized':
      return [
        401,
        'authentication_error',
        reason.secret ? 'invalid x-api-key' : 'x-api-key header is required',
      ];
    case 'no_route':
      return [404, 'not_found_error', 'Not Found'];
    case 'bad_json':
      return [400, invalid, 'The request body is not valid JSON: unexpected character'];
    case 'invalid':
      return [400, invalid, reason.message];
    case 'unknown_model':
      return [404, 'not_found_error', `model: ${reason.model}`];
    case 'too_long':
      return [
        400,
        invalid,
        `prompt is too long: ${reason.tokens} tokens > ${reason.maximum} maximum`,
      ];
    case 'limited':
      return [429, 'rate_limit_error', explainLimit(reason.breach)];
    case 'unpaid':
      return [402, 'billing_error', 'Your credit balance is too low to access the API.'];
    case 'overloaded':
    case 'unavailable':
      return [529, 'overloaded_error', 'Overloaded'];
    case 'server_error':
      return [500, 'api_error', 'Internal server error'];
  }
}

const names: Partial<Record<Breach['dimension'], string>> = {
  rpm: 'requests',
  itpm: 'input tokens',
  otpm: 'output tokens',
};

function explainLimit({ dimension, limit }: Breach): string {
  return `This request would exceed your organization's rate limit of ${limit.toLocaleString('en-US')} ${names[dimension] ?? dimension} per minute. For details, refer to: https://docs.claude.com/en/api/rate-limits.`;
}

function retryHeaders({ waitMs }: Breach): Record<string, string> {
  if (!Number.isFinite(waitMs)) return {};
  // Earlier retries will fail, so the wait is rounded up.
  return { 'retry-after': String(Math.ceil(waitMs / 1000)), 'x-should-retry': 'true' };
}
