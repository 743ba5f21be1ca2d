import type { Breach } from '../../limits/gate.ts';
import type { Reason, Refusal } from '../wire.ts';

const service = 'generativelanguage.googleapis.com';
const rpc = 'type.googleapis.com/google.rpc';

/** Google's error document; limits have no headers, only the details. */
export function refuseAsGemini(reason: Reason): Refusal {
  const [code, status, message, details] = explain(reason);
  return {
    status: code,
    headers: {},
    body: { error: { code, message, status, ...(details ? { details } : {}) } },
  };
}

type Explanation = [code: number, status: string, message: string, details?: unknown[]];

function explain(reason: Reason): Explanation {
  const invalid = 'INVALID_ARGUMENT';
  switch (reason.kind) {
    case 'unauthorized':
      return reason.secret ? explainKey() : explainNoKey();
    case 'no_route':
      return [404, 'NOT_FOUND', `Requested entity was not found: ${reason.path}`];
    case 'bad_json':
      return [400, invalid, 'Invalid JSON payload received. Unexpected token.'];
    case 'invalid':
      return [400, invalid, reason.message];
    case 'unknown_model':
      return [
        404,
        'NOT_FOUND',
        `models/${reason.model} is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.`,
      ];
    case 'too_long':
      return [
        400,
        invalid,
        `The input token count (${reason.tokens}) exceeds the maximum number of tokens allowed (${reason.maximum}).`,
      ];
    case 'limited':
      return explainLimit(reason);
    case 'unpaid':
      return [402, 'RESOURCE_EXHAUSTED', 'Your prepaid credits are used up.'];
    case 'overloaded':
    case 'unavailable':
      return [503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'];
    case 'server_error':
      return [
        500,
        'INTERNAL',
        'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
      ];
  }
}

/** The vendor answers a wrong key with 400, not 401. */
function explainKey(): Explanation {
  const message = 'API key not valid. Please pass a valid API key.';
  return [
    400,
    'INVALID_ARGUMENT',
    message,
    [
      {
        '@type': `${rpc}.ErrorInfo`,
        reason: 'API_KEY_INVALID',
        domain: 'googleapis.com',
        metadata: { service },
      },
      { '@type': `${rpc}.LocalizedMessage`, locale: 'en-US', message },
    ],
  ];
}

function explainNoKey(): Explanation {
  return [
    403,
    'PERMISSION_DENIED',
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
  ];
}

function explainLimit({ breach, model, bare }: Reason & { kind: 'limited' }): Explanation {
  const message =
    'You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.';
  if (bare) return [429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).'];
  const tokens = breach.dimension === 'itpm' || breach.dimension === 'tpm';
  const violation = {
    quotaMetric: `${service}/generate_content_paid_tier_${tokens ? 'input_token_count' : 'requests'}`,
    quotaId: quotaId(breach, tokens),
    quotaDimensions: { location: 'global', model },
    quotaValue: String(breach.limit),
  };
  return [
    429,
    'RESOURCE_EXHAUSTED',
    `${message}\n* Quota exceeded for metric: ${violation.quotaMetric}, limit: ${breach.limit}${retryHint(breach)}`,
    [
      { '@type': `${rpc}.QuotaFailure`, violations: [violation] },
      {
        '@type': `${rpc}.Help`,
        links: [
          {
            description: 'Learn more about Gemini API quotas',
            url: 'https://ai.google.dev/gemini-api/docs/rate-limits',
          },
        ],
      },
      ...(Number.isFinite(breach.waitMs)
        ? [{ '@type': `${rpc}.RetryInfo`, retryDelay: `${Math.ceil(breach.waitMs / 1000)}s` }]
        : []),
    ],
  ];
}

function quotaId(breach: Breach, tokens: boolean): string {
  const per = breach.period === 'day' ? 'PerDay' : 'PerMinute';
  return `GenerateContentPaidTier${tokens ? 'InputTokens' : 'Requests'}PerModel${per}`;
}

function retryHint({ waitMs }: Breach): string {
  return Number.isFinite(waitMs) ? `\nPlease retry in ${(waitMs / 1000).toFixed(6)}s.` : '';
}
