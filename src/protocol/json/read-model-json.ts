import type { z } from 'zod';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import { parseModelJson } from './parse-model-json.ts';

/** A model's answer as the shape that it was asked for; `null` where it is prose, or another shape. */
export function readModelJson<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.safeParse(parseModelJson(text).value).data ?? null;
  } catch (error) {
    if (isHeadraceError(error) && error.code === 'answer_invalid') return null;
    throw error;
  }
}
