import { z } from 'zod';
import type { LimitDimension } from '../limit.ts';
import type { QuotaSource, StatedLimit } from '../quota.ts';

const amount = z.number().nullish();

/** Periods in seconds. */
const limit = z.looseObject({
  request_limit: amount,
  request_limit_period: amount,
  usage_limit: amount,
  usage_limit_field: z.string().nullish(),
  usage_limit_period: amount,
});

const page = z.looseObject({
  output: z.looseObject({
    quotas: z.array(
      z.looseObject({
        model: z.string(),
        /** Of the whole account. */
        model_limit: limit.nullish(),
        /** What this workspace may use of it. */
        workspace_limit: limit.nullish(),
      }),
    ),
  }),
});

const surface = /\/compatible-mode\/v1\/*$/;

/** `GET /api/v1/quotas?model=` (Model Studio, List model quotas): one model of the account at a time. */
const modelQuotas: QuotaSource = {
  credential: 'call',
  address({ baseUrl, models }, cursor) {
    const model = models[Number(cursor ?? 0)];
    if (model === undefined || !surface.test(baseUrl)) return null;
    return `${baseUrl.replace(surface, '')}/api/v1/quotas?${new URLSearchParams({ model })}`;
  },
  read(body, { question, cursor }) {
    const place = Number(cursor ?? 0) + 1;
    const limits = page
      .parse(body)
      .output.quotas.flatMap(({ model, model_limit, workspace_limit }) =>
        [model_limit, workspace_limit].flatMap((each) => readLimit([model], each)),
      );
    return { limits, solvent: null, next: place < question.models.length ? String(place) : null };
  },
};

function readLimit(
  models: string[],
  stated: z.infer<typeof limit> | null | undefined,
): StatedLimit[] {
  const requests = perMinute(stated?.request_limit, stated?.request_limit_period);
  const isTotal = stated?.usage_limit_field === 'total_tokens';
  const tokens = isTotal ? perMinute(stated.usage_limit, stated.usage_limit_period) : null;
  const found = [
    ['rpm', requests],
    ['tpm', tokens],
  ] as const satisfies readonly [LimitDimension, number | null][];
  return found.flatMap(([dimension, most]) =>
    most === null ? [] : [{ models, dimension, limit: most }],
  );
}

/** Limits over more than a minute are none of a minute. */
function perMinute(most: number | null | undefined, period: number | null | undefined) {
  if (most == null || period == null || period <= 0 || period > 60) return null;
  return Math.floor((most * 60) / period);
}

export const quotas: readonly QuotaSource[] = [modelQuotas];
