import { z } from 'zod';

/** Of commands that take nothing: no body, or an empty object from clients that always send one. */
export const noBody = z.strictObject({}).optional();
