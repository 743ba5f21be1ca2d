import { z } from 'zod';

/** Whether there is such a thing is the reader's to say: an odd id is `not_found`, not a wrong request. */
export const idParams = z.strictObject({ id: z.string().min(1).max(128) });
