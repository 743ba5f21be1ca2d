import { z } from 'zod';

const anthropicErrorBody = z.object({
  error: z.object({
    type: z.string().nullish(),
    message: z.string().nullish(),
    details: z.object({ error_code: z.string().nullish() }).nullish(),
  }),
});

export interface AnthropicErrorFields {
  type: string | null;
  message: string;
  /** `error.details.error_code`, such as `enforced_spend_limit_reached`. */
  detailCode: string | null;
}

/** `{type: 'error', error: {…}}`, or `null` where the body is none. */
export function readAnthropicError(body: unknown): AnthropicErrorFields | null {
  const parsed = anthropicErrorBody.safeParse(body);
  if (!parsed.success) return null;
  const { type, message, details } = parsed.data.error;
  return { type: type ?? null, message: message ?? '', detailCode: details?.error_code ?? null };
}
