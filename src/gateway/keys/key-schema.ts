import { z } from 'zod';
import type { KeyListing } from '../../auth/index.ts';

export const keySchema = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string().describe('The beginning of the key, by which a person recognises it.'),
  role: z.enum(['admin', 'member']),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
}) satisfies z.ZodType<KeyListing>;

/** Field by field, so that a hash or a key never leaves with a list. */
export function writeKey(key: KeyListing): KeyListing {
  const { id, name, prefix, role, created_at, last_used_at, revoked_at } = key;
  return { id, name, prefix, role, created_at, last_used_at, revoked_at };
}
