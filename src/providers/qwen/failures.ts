import { type OpenaiErrorFields, readOpenaiError } from '../../protocol/index.ts';
import { type Failure, type Verdict, verdicts } from '../failure.ts';
import type { LimitDimension } from '../limit.ts';
import { makeFailure, parseBody, verdictOfStatus } from '../make-failure.ts';
import type { WireReply } from '../provider.ts';

interface Meaning {
  verdict: Verdict;
  dimension?: LimitDimension;
  steep?: true;
}

const requests: Meaning = { verdict: verdicts.rateLimited, dimension: 'rpm' };
// A passing throttle of tokens here. At OpenAI the same word means an unpaid bill.
const tokens: Meaning = { verdict: verdicts.rateLimited, dimension: 'tpm' };
const slope: Meaning = { verdict: verdicts.rateLimited, steep: true };
const billing: Meaning = { verdict: verdicts.billing };
const noModel: Meaning = { verdict: verdicts.noModel };
const badCredential: Meaning = { verdict: verdicts.badCredential };
const filtered: Meaning = { verdict: verdicts.filtered };
const badRequest: Meaning = { verdict: verdicts.badRequest };

/** Native code and compatible code of the same meaning, in lower case. */
const byCode = new Map<string, Meaning>(
  Object.entries({
    'throttling.ratequota': requests,
    limit_requests: requests,
    'throttling.allocationquota': tokens,
    insufficient_quota: tokens,
    'throttling.burstrate': slope,
    limit_burst_rate: slope,
    throttling: slope,
    commoditynotpurchased: billing,
    prepaidbilloverdue: billing,
    postpaidbilloverdue: billing,
    arrearage: billing,
    'allocationquota.freetieronly': { verdict: verdicts.freeQuota },
    'accessdenied.unpurchased': noModel,
    'model.accessdenied': noModel,
    modelnotfound: noModel,
    model_not_found: noModel,
    invalidapikey: badCredential,
    invalid_api_key: badCredential,
    accessdenied: badCredential,
    access_denied: badCredential,
    datainspectionfailed: filtered,
    data_inspection_failed: filtered,
    invalidparameter: badRequest,
    invalid_parameter_error: badRequest,
    modelunavailable: { verdict: verdicts.overloaded },
    model_unavailable: { verdict: verdicts.overloaded },
    requesttimeout: { verdict: verdicts.trouble },
    internalerror: { verdict: verdicts.trouble },
    internal_error: { verdict: verdicts.trouble },
  }),
);

export function readFailure(reply: WireReply, nowMs: number): Failure {
  const fields = readOpenaiError(parseBody(reply.body));
  const { verdict, dimension, steep } = judge(reply.status, fields);
  const message = fields?.message ?? '';
  const code = /range of input length/i.test(message)
    ? 'context_length_exceeded'
    : (fields?.code ?? fields?.type ?? null);
  return makeFailure(reply, nowMs, {
    verdict,
    evidence: { code, message, dimension: dimension ?? null, ...(steep ? { steep } : {}) },
  });
}

function judge(status: number, fields: OpenaiErrorFields | null): Meaning {
  const found =
    byCode.get((fields?.code ?? '').toLowerCase()) ??
    byCode.get((fields?.type ?? '').toLowerCase());
  if (found !== undefined) return found;
  if (status === 403 && /free (?:tier|quota)/i.test(fields?.message ?? '')) {
    return { verdict: verdicts.freeQuota };
  }
  return { verdict: verdictOfStatus(status) };
}
