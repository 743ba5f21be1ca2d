import { z } from 'zod';
import type { QuotaSource } from '../quota.ts';

const balance = z.looseObject({
  is_available: z.boolean().nullish(),
  balance_infos: z
    .array(z.looseObject({ currency: z.string(), total_balance: z.string() }))
    .nullish(),
});

/** `GET /user/balance`: whether the account has money for calls. */
const userBalance: QuotaSource = {
  credential: 'call',
  // It stands beside the compatible surfaces, not under them.
  address: ({ baseUrl }) =>
    `${baseUrl.replace(/\/+$/, '').replace(/\/(?:v1|beta)$/, '')}/user/balance`,
  read(body) {
    const { is_available, balance_infos } = balance.parse(body);
    const totals = balance_infos?.map(({ total_balance }) => Number(total_balance)) ?? [];
    const anyLeft = totals.length === 0 ? null : totals.some((total) => total > 0);
    return { limits: [], solvent: is_available ?? anyLeft, next: null };
  },
};

export const quotas: readonly QuotaSource[] = [userBalance];
