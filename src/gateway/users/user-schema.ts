import { z } from 'zod';
import type { UserListing } from '../../auth/index.ts';

export const userSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(['admin', 'member']),
  created_at: z.string(),
  disabled_at: z.string().nullable(),
}) satisfies z.ZodType<UserListing>;

/** Field by field, so that nothing that auth may add one day leaves unseen. */
export function writeUser({ id, name, role, created_at, disabled_at }: UserListing): UserListing {
  return { id, name, role, created_at, disabled_at };
}
