import { z } from 'zod';
import type { HttpClient } from './http-client.ts';

const modelList = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      headrace: z
        .looseObject({
          simulated: z.boolean(),
          context_tokens: z.number().optional(),
          max_output_tokens: z.number().optional(),
          input_usd_per_million: z.number().nullable(),
          output_usd_per_million: z.number().nullable(),
        })
        .optional(),
    }),
  ),
});
export type ListedModel = z.infer<typeof modelList>['data'][number];

/** The models that can be called through this gateway, with their prices. */
export async function readModels(client: HttpClient): Promise<ListedModel[]> {
  const { data } = await client.request({ method: 'GET', path: '/v1/models', schema: modelList });
  return data;
}

/** Whether nothing real would be called. */
export function allSimulated(models: readonly ListedModel[]): boolean {
  return models.length > 0 && models.every((model) => model.headrace?.simulated === true);
}
