import { z } from 'zod';
import { credentialSchema } from '../../platform/config/config-schema.ts';
import { idParams } from '../server/id-params.ts';

/** A key as it is written: its own name and the secret, which never comes back. */
export const credentialInput = credentialSchema;

export const credentialParams = idParams.extend({ credential: z.string().min(1).max(128) });
