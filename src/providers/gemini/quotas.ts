import type { QuotaSource } from '../quota.ts';

/** Limits are shown in AI Studio only: the API has no address for them. */
export const quotas: readonly QuotaSource[] = [];
