import { z } from 'zod';
import {
  type Account,
  type CredentialListing,
  type Gauge,
  modelsOf,
  worstForeignUse,
} from '../../accounts/index.ts';
import { limitDimensions } from '../../platform/config/config.ts';

const time = z.string().describe('ISO 8601.');

const pauseSchema = z.object({
  state: z.enum(['cooling', 'exhausted', 'quarantined']),
  kind: z
    .enum(['rate_limited', 'quota_exhausted', 'billing', 'credential'])
    .describe('billing: a quota that comes back when somebody pays.'),
  models: z.array(z.string()).nullable().describe('The model class; null: the whole account.'),
  dimension: z.enum(limitDimensions).nullable().describe('null: every call.'),
  provenance: z
    .enum(['stated', 'guessed'])
    .describe('stated by the vendor: honoured; guessed: tried early, ended by a success.'),
  since: time,
  until: time,
  message: z.string(),
});

const credentialSchema = z.object({
  id: z.string(),
  kind: z
    .enum(['call', 'admin'])
    .describe("admin: of the organisation's administrators; asks for limits and never calls."),
  project: z.string().nullable().describe('The project or workspace whose limits are asked for.'),
  fingerprint: z.string().describe('Equal for equal keys; tells nothing else of the key.'),
  added_at: time,
  retires_at: time.nullable().describe('A rotated key: used where no newer one works, until then.'),
  refused_at: time.nullable().describe('The vendor refuses it since.'),
  probe_at: time.nullable().describe('When the vendor is asked again.'),
});

const limitSchema = z
  .object({ models: z.array(z.string()) })
  .extend(
    Object.fromEntries(limitDimensions.map((name) => [name, z.int().nullable().optional()])) as {
      [D in (typeof limitDimensions)[number]]: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
    },
  )
  .describe('A dimension that is missing is learnt, null is unlimited.');

const bucketSchema = z.object({
  models: z.array(z.string()),
  dimension: z.enum(limitDimensions),
  limit: z.number().nullable().describe('null: no bound, or none known yet.'),
  learning: z.boolean(),
  used: z.number().describe('What counts against the limit now, reservations included.'),
  foreign: z
    .number()
    .describe("What of it is somebody else's, as far as answers of the last minute show it."),
});

const foreignUseSchema = z.object({
  models: z.array(z.string()),
  dimension: z.enum(limitDimensions),
  share: z.number().describe('0 to 1, of what is used.'),
});

export const accountSchema = z
  .object({
    id: z.string(),
    provider: z.string(),
    managed_by: z
      .enum(['file', 'environment', 'simulation', 'api'])
      .describe('Where it is declared, and so changed; api: here.'),
    owner_email: z.string().nullable(),
    entitlement: z.string().nullable(),
    base_url: z.string().nullable(),
    models: z.array(z.string()),
    limits: z.array(limitSchema),
    weight: z
      .number()
      .describe("Its part of its pools' load, beside those of the others times their limits."),
    price_factor: z.number().describe("What it pays, as a part of the model's price."),
    state: z.enum(['active', 'cooling', 'exhausted', 'quarantined', 'draining', 'disabled']),
    state_reason: z
      .object({ kind: z.string(), message: z.string(), provenance: z.string(), since: time })
      .nullable(),
    state_until: time.nullable().describe('When the state ends by itself, where it does.'),
    simulated: z.boolean(),
    in_flight: z.int().describe('Calls under way.'),
    foreign_use: foreignUseSchema
      .nullable()
      .describe('The limit of which others use the largest part; null: no answer shows any.'),
    pauses: z.array(pauseSchema),
    credentials: z.array(credentialSchema),
    buckets: z.array(bucketSchema).optional(),
  })
  .meta({ id: 'Account' });
export type AccountDocument = z.infer<typeof accountSchema>;

/** Field by field, so that nothing leaves that is not documented. */
export function writeAccount(account: Account, gauges: readonly Gauge[]): AccountDocument {
  return {
    id: account.id,
    provider: account.provider,
    managed_by: account.managedBy,
    owner_email: account.ownerEmail,
    entitlement: account.entitlement,
    base_url: account.baseUrl,
    models: account.models,
    limits: account.limits,
    weight: account.weight,
    price_factor: account.priceFactor,
    state: account.state,
    state_reason: writeReason(account),
    state_until: writeTime(account.stateUntil),
    simulated: account.managedBy === 'simulation',
    in_flight: gauges
      .filter(({ dimension }) => dimension === 'concurrency')
      .reduce((sum, { used }) => sum + used, 0),
    foreign_use: writeForeignUse(gauges),
    pauses: account.pauses.map((pause) => ({
      state: pause.state,
      kind: pause.kind,
      models: pause.modelClass === null ? null : modelsOf(pause.modelClass),
      dimension: pause.dimension,
      provenance: pause.provenance,
      since: isoTime(pause.since),
      until: isoTime(pause.until),
      message: pause.message,
    })),
    credentials: [
      ...account.credentials.map((each) => writeCredential(each, { kind: 'call', project: null })),
      ...account.adminCredentials.map((each) =>
        writeCredential(each, { kind: 'admin', project: each.project }),
      ),
    ],
  };
}

function writeCredential(
  credential: CredentialListing,
  rights: Pick<z.infer<typeof credentialSchema>, 'kind' | 'project'>,
): z.infer<typeof credentialSchema> {
  return {
    id: credential.id,
    ...rights,
    fingerprint: credential.fingerprint,
    added_at: isoTime(credential.addedAt),
    retires_at: writeTime(credential.retiresAt),
    refused_at: writeTime(credential.refusedAt),
    probe_at: writeTime(credential.probeAt),
  };
}

export function writeBuckets(gauges: readonly Gauge[]): NonNullable<AccountDocument['buckets']> {
  return gauges
    .filter(({ limit, learning, used }) => limit !== null || learning || used > 0)
    .map(({ modelClass, dimension, limit, learning, used, foreign }) => ({
      models: modelsOf(modelClass),
      dimension,
      limit,
      learning,
      used,
      foreign,
    }));
}

function writeForeignUse(gauges: readonly Gauge[]): AccountDocument['foreign_use'] {
  const worst = worstForeignUse(gauges);
  if (worst === null) return null;
  const { modelClass, dimension, share } = worst;
  return { models: modelsOf(modelClass), dimension, share: Math.round(share * 1000) / 1000 };
}

function writeReason({ stateReason }: Account): AccountDocument['state_reason'] {
  if (stateReason === null) return null;
  const { kind, message, provenance, since } = stateReason;
  return { kind, message, provenance, since: isoTime(since) };
}

export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

function writeTime(at: number | null): string | null {
  return at === null ? null : isoTime(at);
}
