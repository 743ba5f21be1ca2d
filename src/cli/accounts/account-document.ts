import { z } from 'zod';

/** An account as the gateway shows it, as far as commands use it. */
export const accountDocument = z.looseObject({
  id: z.string(),
  provider: z.string(),
  managed_by: z.string(),
  owner_email: z.string().nullable(),
  entitlement: z.string().nullable(),
  models: z.array(z.string()),
  limits: z.array(z.looseObject({ models: z.array(z.string()) })),
  weight: z.number(),
  price_factor: z.number(),
  state: z.string(),
  state_reason: z.looseObject({ message: z.string(), provenance: z.string() }).nullable(),
  state_until: z.string().nullable(),
  in_flight: z.number(),
  foreign_use: z
    .looseObject({ models: z.array(z.string()), dimension: z.string(), share: z.number() })
    .nullable(),
  pauses: z.array(
    z.looseObject({
      state: z.string(),
      kind: z.string(),
      models: z.array(z.string()).nullable(),
      dimension: z.string().nullable(),
      provenance: z.string(),
      until: z.string(),
      message: z.string(),
    }),
  ),
  credentials: z.array(
    z.looseObject({
      id: z.string(),
      kind: z.string(),
      project: z.string().nullable(),
      fingerprint: z.string(),
      retires_at: z.string().nullable(),
      refused_at: z.string().nullable(),
      probe_at: z.string().nullable(),
    }),
  ),
  buckets: z
    .array(
      z.looseObject({
        models: z.array(z.string()),
        dimension: z.string(),
        limit: z.number().nullable(),
        learning: z.boolean(),
        used: z.number(),
        foreign: z.number(),
      }),
    )
    .optional(),
  events: z
    .array(
      z.looseObject({ type: z.string(), at: z.string(), data: z.record(z.string(), z.unknown()) }),
    )
    .optional(),
});
export type AccountDocument = z.infer<typeof accountDocument>;

export const accountList = z.looseObject({ data: z.array(accountDocument) });

/** An id goes into a path. */
export function accountPath(id: string, rest = ''): string {
  return `/api/v1/accounts/${encodeURIComponent(id)}${rest}`;
}
