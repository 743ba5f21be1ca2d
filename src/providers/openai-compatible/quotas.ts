import { z } from 'zod';
import type { QuotaSource } from '../quota.ts';

const key = z.looseObject({
  data: z.looseObject({
    /** In credits; `null`: the key has no limit of its own. */
    limit_remaining: z.number().nullish(),
  }),
});

/**
 * `GET /api/v1/key` as OpenRouter has it. Other hosts' addresses end differently, and are not asked for
 * what they do not have.
 */
const currentKey: QuotaSource = {
  credential: 'call',
  address: ({ baseUrl }) =>
    /\/api\/v1\/*$/.test(baseUrl) ? `${baseUrl.replace(/\/+$/, '')}/key` : null,
  read(body) {
    const left = key.parse(body).data.limit_remaining;
    return { limits: [], solvent: left == null ? null : left > 0, next: null };
  },
};

export const quotas: readonly QuotaSource[] = [currentKey];
