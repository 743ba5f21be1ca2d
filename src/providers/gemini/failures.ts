import { type GeminiErrorFields, readGeminiBlock, readGeminiError } from '../../protocol/index.ts';
import { type Failure, type Verdict, verdicts } from '../failure.ts';
import { type Evidence, makeFailure, parseBody, verdictOfStatus } from '../make-failure.ts';
import { nextMidnight } from '../next-midnight.ts';
import type { WireReply } from '../provider.ts';

const byStatus = new Map<string, Verdict>(
  Object.entries({
    INVALID_ARGUMENT: verdicts.badRequest,
    // The free tier is not offered in this country and no billing is set up.
    FAILED_PRECONDITION: verdicts.billing,
    OUT_OF_RANGE: verdicts.badRequest,
    UNAUTHENTICATED: verdicts.badCredential,
    PERMISSION_DENIED: verdicts.badCredential,
    NOT_FOUND: verdicts.noModel,
    RESOURCE_EXHAUSTED: verdicts.rateLimited,
    INTERNAL: verdicts.trouble,
    UNKNOWN: verdicts.trouble,
    ABORTED: verdicts.trouble,
    CANCELLED: verdicts.trouble,
    DEADLINE_EXCEEDED: verdicts.trouble,
    UNAVAILABLE: verdicts.overloaded,
  }),
);

export function readFailure(reply: WireReply, nowMs: number): Failure {
  const body = parseBody(reply.body);
  const block = readGeminiBlock(body);
  if (block !== null) {
    const evidence = { code: block, message: `Gemini's filter refused the call: ${block}.` };
    return makeFailure(reply, nowMs, { verdict: verdicts.filtered, evidence });
  }
  const fields = readGeminiError(body);
  const verdict = judge(reply.status, fields);
  const message = fields?.message ?? '';
  const tooLong = /input token count .*exceeds the maximum/i.test(message);
  const evidence: Evidence = {
    code: tooLong ? 'context_length_exceeded' : (fields?.reason ?? fields?.status ?? null),
    message,
  };
  const passes = verdict === verdicts.rateLimited || verdict === verdicts.periodQuota;
  if (fields !== null && passes) Object.assign(evidence, readQuota(fields, nowMs));
  return makeFailure(reply, nowMs, { verdict, evidence });
}

function judge(status: number, fields: GeminiErrorFields | null): Verdict {
  // A wrong key comes as 400 INVALID_ARGUMENT with this reason.
  if (fields?.reason === 'API_KEY_INVALID') return verdicts.badCredential;
  if (fields?.status === 'RESOURCE_EXHAUSTED' || status === 429) return judgeQuota(fields);
  if (status === 402) return verdicts.billing;
  return byStatus.get(fields?.status ?? '') ?? verdictOfStatus(status);
}

/** A limit of 0 is no quota at all: this project has no right to the model. */
function judgeQuota(fields: GeminiErrorFields | null): Verdict {
  const violations = fields?.violations ?? [];
  const zero = violations.some(({ quotaValue }) => quotaValue === 0);
  if (zero || /limit: 0\b/.test(fields?.message ?? '')) return verdicts.noModel;
  return violations.some(isDaily) ? verdicts.periodQuota : verdicts.rateLimited;
}

type Violation = GeminiErrorFields['violations'][number];

function isDaily({ quotaId }: Violation): boolean {
  return /PerDay/i.test(quotaId);
}

/**
 * The longest of the violated quotas counts. A day's quota comes with a RetryInfo of seconds as well,
 * which would lead to a day of refused calls.
 */
function readQuota(fields: GeminiErrorFields, nowMs: number): Partial<Evidence> {
  const hit = fields.violations.find(isDaily) ?? fields.violations[0];
  const evidence: Partial<Evidence> = {};
  if (fields.retryDelayMs !== null) evidence.retryAfterMs = fields.retryDelayMs;
  if (hit === undefined) {
    if (fields.retryDelayMs === null) evidence.provenance = 'guessed';
    return evidence;
  }
  const tokens = /token/i.test(`${hit.quotaMetric} ${hit.quotaId}`);
  if (!isDaily(hit))
    return { ...evidence, dimension: tokens ? 'itpm' : 'rpm', limit: hit.quotaValue };
  const until = nextMidnight(nowMs, 'America/Los_Angeles');
  // There is no dimension for tokens per day; the pause until midnight covers it.
  return tokens
    ? { ...evidence, until }
    : { ...evidence, until, dimension: 'rpd', limit: hit.quotaValue };
}
