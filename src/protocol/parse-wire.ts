import type { z } from 'zod';
import { HeadraceError } from '../platform/errors/headrace-error.ts';

/** What a provider sent, in the shape its format promises; throws `upstream_failed` naming the path. */
export function parseWire<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') || '(root)';
  throw new HeadraceError('upstream_failed', {
    message: `${what} does not have its documented shape at ${path}: ${issue?.message ?? 'unreadable'}.`,
    where: path,
  });
}
