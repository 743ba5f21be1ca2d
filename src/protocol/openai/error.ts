import { z } from 'zod';
import type { HeadraceError } from '../../platform/errors/headrace-error.ts';

const text = z.union([z.string(), z.number()]).nullish();

const errorFields = z.object({
  message: z.string().nullish(),
  type: text,
  param: text,
  code: text,
});

/** `{error: {…}}`; some hosts send the fields bare, or the error as a string. */
const openaiErrorBody = z.union([
  z.object({ error: errorFields }),
  z.object({ error: z.string() }).transform(({ error }) => ({ error: { message: error } })),
  errorFields
    .refine((fields) => typeof fields.message === 'string')
    .transform((error) => ({ error })),
]);

export interface OpenaiErrorFields {
  message: string;
  type: string | null;
  param: string | null;
  code: string | null;
}

/** The error that a body holds, or `null` where it is no error of this format. */
export function readOpenaiError(body: unknown): OpenaiErrorFields | null {
  const parsed = openaiErrorBody.safeParse(body);
  if (!parsed.success) return null;
  const fields: z.infer<typeof errorFields> = parsed.data.error;
  return {
    message: fields.message ?? '',
    type: textOf(fields.type),
    param: textOf(fields.param),
    code: textOf(fields.code),
  };
}

function textOf(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** Our error as OpenAI's clients read it: `type` by status, `code` ours. */
export function writeOpenaiError(error: HeadraceError) {
  return {
    error: {
      message: error.fix === '' ? error.message : `${error.message} ${error.fix}`,
      type: typeOf(error.status),
      param: error.where ?? null,
      code: error.code,
    },
  };
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 404) return 'not_found_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
