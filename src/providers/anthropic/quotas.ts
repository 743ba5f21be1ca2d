import { z } from 'zod';
import { joinUrl } from '../join-url.ts';
import type { LimitDimension } from '../limit.ts';
import type { QuotaSource, StatedLimit } from '../quota.ts';

const page = z.looseObject({
  data: z.array(
    z.looseObject({
      /** Every name and alias that counts against the group; `null` for what is no model. */
      models: z.array(z.string()).nullable(),
      limits: z.array(z.looseObject({ type: z.string(), value: z.number() })),
    }),
  ),
  next_page: z.string().nullish(),
});

/** Other types concern the fast mode, tools and what the Messages API does not count. */
const dimensions: Readonly<Record<string, LimitDimension>> = {
  requests_per_minute: 'rpm',
  tokens_per_minute: 'tpm',
  input_tokens_per_minute: 'itpm',
  input_tokens_per_minute_cache_aware: 'itpm',
  output_tokens_per_minute: 'otpm',
};

/** The Rate Limits API of the Admin API: the organisation's limits, or what a workspace may use of them. */
const rateLimits: QuotaSource = {
  credential: 'admin',
  address({ baseUrl, project }, cursor) {
    const query = new URLSearchParams({ group_type: 'model_group' });
    if (project !== null) query.set('include_inherited', 'true');
    if (cursor !== null) query.set('page', cursor);
    const within = project === null ? '' : `/workspaces/${encodeURIComponent(project)}`;
    return `${joinUrl(baseUrl, `/v1/organizations${within}/rate_limits`)}?${query}`;
  },
  read(body) {
    const { data, next_page } = page.parse(body);
    const limits = data.flatMap(({ models, limits: values }) =>
      values.flatMap(({ type, value }): StatedLimit[] => {
        const dimension = dimensions[type];
        return models === null || dimension === undefined
          ? []
          : [{ models, dimension, limit: value }];
      }),
    );
    return { limits, solvent: null, next: next_page ?? null };
  },
};

export const quotas: readonly QuotaSource[] = [rateLimits];
