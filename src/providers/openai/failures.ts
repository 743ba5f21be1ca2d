import { type OpenaiErrorFields, readOpenaiError } from '../../protocol/index.ts';
import { parseDuration } from '../duration.ts';
import { type Failure, type Verdict, verdicts } from '../failure.ts';
import type { LimitDimension } from '../limit.ts';
import { type Evidence, makeFailure, parseBody, verdictOfStatus } from '../make-failure.ts';
import type { WireReply } from '../provider.ts';

/** By `error.code`, then by `error.type`. */
const byCode = new Map<string, Verdict>(
  Object.entries({
    // 429s that no wait ends: somebody has to pay or to raise a limit.
    insufficient_quota: verdicts.billing,
    credit_balance_exhausted: verdicts.billing,
    organization_spend_limit_exceeded: verdicts.billing,
    project_spend_limit_exceeded: verdicts.billing,
    organization_usage_limit_exceeded: verdicts.billing,
    billing_hard_limit_reached: verdicts.billing,
    billing_not_active: verdicts.billing,
    rate_limit_exceeded: verdicts.rateLimited,
    rate_limit_error: verdicts.rateLimited,
    slow_down: verdicts.rateLimited,
    server_is_overloaded: verdicts.overloaded,
    server_error: verdicts.trouble,
    context_length_exceeded: verdicts.badRequest,
    invalid_api_key: verdicts.badCredential,
    account_deactivated: verdicts.badAccount,
    unsupported_country_region_territory: verdicts.badAccount,
    model_not_found: verdicts.noModel,
    content_policy_violation: verdicts.filtered,
    content_filter: verdicts.filtered,
    invalid_prompt: verdicts.filtered,
    authentication_error: verdicts.badCredential,
    invalid_request_error: verdicts.badRequest,
  }),
);

export function readFailure(reply: WireReply, nowMs: number): Failure {
  const fields = readOpenaiError(parseBody(reply.body));
  const verdict = judge(reply.status, fields);
  const evidence: Evidence = {
    ...(fields?.code === 'slow_down' ? { steep: true } : {}),
    code: fields?.code ?? fields?.type ?? null,
    message: fields?.message ?? '',
    ...(verdict.kind === 'rate_limited' ? readRateMessage(fields?.message ?? '') : {}),
  };
  return makeFailure(reply, nowMs, { verdict, evidence });
}

function judge(status: number, fields: OpenaiErrorFields | null): Verdict {
  const known = byCode.get(fields?.code ?? '');
  const verdict = known ?? judgeType(status, fields?.type ?? null);
  if (verdict.kind === 'rate_limited' && /^Request too large/i.test(fields?.message ?? '')) {
    return verdicts.overLimit;
  }
  return verdict;
}

/** 401, 403 and 404 carry `invalid_request_error` as well, so that type counts for less than the status. */
function judgeType(status: number, type: string | null): Verdict {
  if (type === 'invalid_request_error' && status >= 400) return verdictOfStatus(status);
  return byCode.get(type ?? '') ?? verdictOfStatus(status);
}

const dimensions: readonly [RegExp, LimitDimension | null][] = [
  [/\(RPM\)|requests per min/i, 'rpm'],
  [/\(RPD\)|requests per day/i, 'rpd'],
  [/\(TPM\)|tokens per min/i, 'tpm'],
];

/** "Rate limit reached for … on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 2s." */
function readRateMessage(message: string): Partial<Evidence> {
  const dimension = dimensions.find(([shape]) => shape.test(message))?.[1] ?? null;
  const limit = /\bLimit:? (\d+)/.exec(message)?.[1];
  const wait = /try again in ((?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+)/.exec(message)?.[1];
  const retryAfterMs = parseDuration(wait ?? '');
  return {
    dimension,
    limit: dimension === null || limit === undefined ? null : Number(limit),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  };
}
