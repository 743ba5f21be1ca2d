import { type AnthropicErrorFields, readAnthropicError } from '../../protocol/index.ts';
import { type Failure, type Verdict, verdicts } from '../failure.ts';
import { type Evidence, makeFailure, parseBody, verdictOfStatus } from '../make-failure.ts';
import type { WireReply } from '../provider.ts';
import { limits } from './limits.ts';

const byType = new Map<string, Verdict>(
  Object.entries({
    invalid_request_error: verdicts.badRequest,
    authentication_error: verdicts.badCredential,
    billing_error: verdicts.billing,
    permission_error: verdicts.badCredential,
    not_found_error: verdicts.noModel,
    request_too_large: verdicts.badRequest,
    rate_limit_error: verdicts.rateLimited,
    api_error: verdicts.trouble,
    timeout_error: verdicts.trouble,
    overloaded_error: verdicts.overloaded,
  }),
);

/** Where the message says more than the type; the first that fits counts. */
const byMessage: readonly { types: string[]; shape: RegExp; verdict: Verdict; code: string }[] = [
  {
    types: ['invalid_request_error'],
    shape: /prompt is too long|exceed context limit/i,
    verdict: verdicts.badRequest,
    code: 'context_length_exceeded',
  },
  {
    types: ['invalid_request_error'],
    shape: /credit balance is too low/i,
    verdict: verdicts.billing,
    code: 'credit_balance_too_low',
  },
  {
    // The limit that the organisation set itself.
    types: ['invalid_request_error', 'rate_limit_error'],
    shape: /specified API usage limits/i,
    verdict: verdicts.periodSpend,
    code: 'spend_limit_reached',
  },
  {
    types: ['permission_error'],
    shape: /\bmodel\b/i,
    verdict: verdicts.noModel,
    code: 'permission_error',
  },
];

export function readFailure(reply: WireReply, nowMs: number): Failure {
  const fields = readAnthropicError(parseBody(reply.body));
  const { verdict, code } = judge(reply.status, fields);
  const message = fields?.message ?? '';
  const evidence: Evidence = { code, message };
  if (verdict.kind === 'rate_limited') Object.assign(evidence, readHitLimit(message, reply));
  if (verdict === verdicts.periodSpend) evidence.until = readRegain(message) ?? nextMonth(nowMs);
  return makeFailure(reply, nowMs, { verdict, evidence });
}

function judge(
  status: number,
  fields: AnthropicErrorFields | null,
): { verdict: Verdict; code: string | null } {
  // A 429 without retry-after: the month's spend is used up, and no minute brings it back.
  if (fields?.detailCode === 'enforced_spend_limit_reached') {
    return { verdict: verdicts.periodSpend, code: fields.detailCode };
  }
  const type = fields?.type ?? '';
  const special = byMessage.find(
    ({ types, shape }) => types.includes(type) && shape.test(fields?.message ?? ''),
  );
  if (special !== undefined) return special;
  return { verdict: byType.get(type) ?? verdictOfStatus(status), code: fields?.type ?? null };
}

/** "… would exceed your organization's rate limit of 40,000 input tokens per minute …", else the empty bucket of the headers. */
function readHitLimit(message: string, reply: WireReply): Partial<Evidence> {
  const match = /limit of ([\d,]+) (input tokens|output tokens|requests) per minute/i.exec(message);
  const [, value, unit] = match ?? [];
  if (value !== undefined) {
    const dimension = unit?.startsWith('i') ? 'itpm' : unit?.startsWith('o') ? 'otpm' : 'rpm';
    return { dimension, limit: Number(value.replaceAll(',', '')) };
  }
  const empty = limits.readLimits(reply.headers, 0).find(({ remaining }) => remaining === 0);
  return empty === undefined ? {} : { dimension: empty.dimension, limit: empty.limit };
}

/** "You will regain access on 2026-12-01 at 00:00 UTC." */
function readRegain(message: string): number | null {
  const [, day, time] =
    /regain access on (\d{4}-\d\d-\d\d)(?: at (\d\d:\d\d) UTC)?/.exec(message) ?? [];
  const at = Date.parse(`${day}T${time ?? '00:00'}:00Z`);
  return Number.isNaN(at) ? null : at;
}

function nextMonth(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
}
