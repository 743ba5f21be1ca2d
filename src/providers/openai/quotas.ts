import { z } from 'zod';
import { joinUrl } from '../join-url.ts';
import type { QuotaSource, StatedLimit } from '../quota.ts';

const page = z.looseObject({
  data: z.array(
    z.looseObject({
      model: z.string(),
      max_requests_per_1_minute: z.number(),
      max_tokens_per_1_minute: z.number(),
      /** Only present for relevant models. */
      max_requests_per_1_day: z.number().nullish(),
    }),
  ),
  has_more: z.boolean(),
  last_id: z.string().nullish(),
});

/** `GET /organization/projects/{project_id}/rate_limits` (API reference, administration). */
const projectLimits: QuotaSource = {
  credential: 'admin',
  address({ baseUrl, project }, cursor) {
    if (project === null) return null;
    const query = new URLSearchParams({ limit: '100', ...(cursor ? { after: cursor } : {}) });
    const path = `/organization/projects/${encodeURIComponent(project)}/rate_limits`;
    return `${joinUrl(baseUrl, path)}?${query}`;
  },
  read(body) {
    const { data, has_more, last_id } = page.parse(body);
    const limits = data.flatMap(({ model, ...most }): StatedLimit[] => {
      const models = [model];
      const day = most.max_requests_per_1_day;
      return [
        { models, dimension: 'rpm', limit: most.max_requests_per_1_minute },
        { models, dimension: 'tpm', limit: most.max_tokens_per_1_minute },
        ...(day == null ? [] : [{ models, dimension: 'rpd' as const, limit: day }]),
      ];
    });
    return { limits, solvent: null, next: has_more ? (last_id ?? null) : null };
  },
};

export const quotas: readonly QuotaSource[] = [projectLimits];
