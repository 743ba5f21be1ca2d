import { z } from 'zod';
import { readGeminiFinishReason } from './finish-reason.ts';

const geminiErrorBody = z.object({
  error: z.object({
    code: z.number().nullish(),
    message: z.string().nullish(),
    status: z.string().nullish(),
    details: z.array(z.looseObject({ '@type': z.string().optional() })).nullish(),
  }),
});
const quotaFailure = z.object({
  violations: z.array(
    z.object({
      quotaMetric: z.string().nullish(),
      quotaId: z.string().nullish(),
      quotaValue: z.union([z.string(), z.number()]).nullish(),
    }),
  ),
});
const retryInfo = z.object({ retryDelay: z.string() });
const errorInfo = z.object({ reason: z.string() });

export interface GeminiQuotaViolation {
  quotaMetric: string;
  quotaId: string;
  /** The limit, where it is stated. */
  quotaValue: number | null;
}

export interface GeminiErrorFields {
  message: string;
  status: string | null;
  violations: GeminiQuotaViolation[];
  /** `google.rpc.RetryInfo`, in milliseconds. */
  retryDelayMs: number | null;
  /** `google.rpc.ErrorInfo.reason`, such as `API_KEY_INVALID`. */
  reason: string | null;
}

/** `{error: {…}}`, also alone in an array, as a stream that fails sends it; `null` where it is none. */
export function readGeminiError(body: unknown): GeminiErrorFields | null {
  const parsed = geminiErrorBody.safeParse(Array.isArray(body) ? body[0] : body);
  if (!parsed.success) return null;
  const { message, status, details } = parsed.data.error;
  const find = <T>(name: string, schema: z.ZodType<T>): T | null => {
    const detail = details?.find((entry) => entry['@type']?.endsWith(`google.rpc.${name}`));
    return schema.safeParse(detail).data ?? null;
  };
  return {
    message: message ?? '',
    status: status ?? null,
    violations: (find('QuotaFailure', quotaFailure)?.violations ?? []).map((violation) => ({
      quotaMetric: violation.quotaMetric ?? '',
      quotaId: violation.quotaId ?? '',
      quotaValue: readNumber(violation.quotaValue),
    })),
    retryDelayMs: readDuration(find('RetryInfo', retryInfo)?.retryDelay),
    reason: find('ErrorInfo', errorInfo)?.reason ?? null,
  };
}

function readNumber(value: string | number | null | undefined): number | null {
  const number = Number(value ?? Number.NaN);
  return Number.isFinite(number) ? number : null;
}

/** A protobuf duration in JSON: decimal seconds with an `s`. */
function readDuration(text: string | undefined): number | null {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(text ?? '')?.[1];
  return seconds === undefined ? null : Math.ceil(Number(seconds) * 1000);
}

const blockedAnswer = z.object({
  promptFeedback: z.object({ blockReason: z.string().nullish() }).nullish(),
  candidates: z.array(z.object({ finishReason: z.string().nullish() })).nullish(),
});

/** Why a filter refused a call that came back with status 200 (`SAFETY`, `RECITATION`, …), else `null`. */
export function readGeminiBlock(body: unknown): string | null {
  const answer = blockedAnswer.safeParse(body).data;
  if (answer?.promptFeedback?.blockReason) return answer.promptFeedback.blockReason;
  const reason = answer?.candidates?.[0]?.finishReason;
  return reason && readGeminiFinishReason(reason) === 'content_filter' ? reason : null;
}
