import { type OpenaiErrorFields, readOpenaiError } from '../../protocol/index.ts';
import { type Failure, type Verdict, verdicts } from '../failure.ts';
import { makeFailure, parseBody, verdictOfStatus } from '../make-failure.ts';
import type { WireReply } from '../provider.ts';

/**
 * Words on which vLLM, Ollama, llama.cpp and the like agree. `insufficient_quota` is not among them:
 * hosts that copied it from OpenAI mean a bill, those that copied it from DashScope a throttle, so the
 * status decides and the wait is short.
 */
const byMessage: readonly { shape: RegExp; verdict: Verdict; code: string }[] = [
  {
    shape: /maximum context length|context (?:length|size|window).*exceed|exceed.*context/i,
    verdict: verdicts.badRequest,
    code: 'context_length_exceeded',
  },
  {
    shape: /model\b.*\b(?:not found|does not exist|not exist)/i,
    verdict: verdicts.noModel,
    code: 'model_not_found',
  },
  { shape: /loading model|model is loading/i, verdict: verdicts.overloaded, code: 'model_loading' },
];

export function readFailure(reply: WireReply, nowMs: number): Failure {
  const fields = readOpenaiError(parseBody(reply.body));
  const message = fields?.message ?? '';
  const special = byMessage.find(({ shape }) => shape.test(message));
  const verdict = special?.verdict ?? judge(reply.status, fields);
  const code = special?.code ?? fields?.code ?? fields?.type ?? null;
  return makeFailure(reply, nowMs, { verdict, evidence: { code, message } });
}

/** Inside a stream the status is 200, and vLLM repeats the true one as the error's code. */
function judge(status: number, fields: OpenaiErrorFields | null): Verdict {
  if (status >= 400 || fields === null) return verdictOfStatus(status);
  const code = Number(fields.code);
  return code >= 400 && code <= 599 ? verdictOfStatus(code) : verdicts.trouble;
}
