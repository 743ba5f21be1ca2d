import { readOpenaiError } from '../../protocol/index.ts';
import { type Failure, type Verdict, verdicts } from '../failure.ts';
import { makeFailure, parseBody, verdictOfStatus } from '../make-failure.ts';
import type { WireReply } from '../provider.ts';

/** DeepSeek's codes say little more than the status; what matters is in the words of a 400. */
const byMessage: readonly { shape: RegExp; verdict: Verdict; code: string }[] = [
  { shape: /content exists risk/i, verdict: verdicts.filtered, code: 'content_risk' },
  { shape: /model not exist/i, verdict: verdicts.noModel, code: 'model_not_found' },
  {
    shape: /maximum context length/i,
    verdict: verdicts.badRequest,
    code: 'context_length_exceeded',
  },
  { shape: /insufficient balance/i, verdict: verdicts.billing, code: 'insufficient_balance' },
];

export function readFailure(reply: WireReply, nowMs: number): Failure {
  const fields = readOpenaiError(parseBody(reply.body));
  const message = fields?.message ?? '';
  const special = byMessage.find(({ shape }) => shape.test(message));
  const verdict = special?.verdict ?? judge(reply.status, fields !== null);
  const code = special?.code ?? fields?.code ?? fields?.type ?? null;
  // The only limit that this vendor has is calls at once.
  const dimension = verdict.kind === 'rate_limited' ? 'concurrency' : null;
  return makeFailure(reply, nowMs, { verdict, evidence: { code, message, dimension } });
}

/** An error inside a stream carries no status of its own. */
function judge(status: number, isError: boolean): Verdict {
  return status < 400 && isError ? verdicts.trouble : verdictOfStatus(status);
}
