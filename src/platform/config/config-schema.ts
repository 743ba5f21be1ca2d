import { z } from 'zod';
import { choicePolicies } from './config.ts';

// The shape of headrace.yaml. Each `error` says the shape in the words of the fix that a person reads;
// what is wrong with the value is said by describe-issue.ts, which knows the value.

const identifier = z
  .string({
    error: 'Write a short name of small letters, digits, ".", "_" and "-", such as team-a.',
  })
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, {
    error: 'Write a short name of small letters, digits, ".", "_" and "-", such as team-a.',
  });

const line = (shape: string, max = 512) =>
  z.string({ error: shape }).trim().min(1, { error: shape }).max(max, { error: shape });

const url = line('Write an address such as "https://api.example.com/v1".', 2048);

const patterns = z
  .array(line('Write a model name or pattern in quotes, such as "gpt-*".', 200), {
    error: 'Write a list of model names or patterns, such as ["gpt-*"].',
  })
  .max(1000, { error: 'List at most 1000 patterns.' });

function dimension(most: number) {
  const shape = `Write a whole number from 1 to ${most}, null for unlimited, or leave it out to learn it.`;
  return z
    .int({ error: shape })
    .min(1, { error: shape })
    .max(most, { error: shape })
    .nullable()
    .optional();
}

const limitRule = z.strictObject(
  {
    models: patterns.min(1, { error: 'Name at least one pattern; ["*"] means every model.' }),
    rpm: dimension(10_000_000),
    rpd: dimension(10_000_000_000),
    tpm: dimension(1_000_000_000_000),
    itpm: dimension(1_000_000_000_000),
    otpm: dimension(1_000_000_000_000),
    concurrency: dimension(1_000_000),
  },
  { error: 'Write a rule such as { models: ["*"], rpm: 500, tpm: 2000000 }.' },
);

/** A key as it is written. */
export const credentialSchema = z.strictObject(
  {
    id: identifier,
    secret: line(
      'Write the key, or "${NAME}" to take it from the environment; any word for a host that asks for none.',
      8192,
    ),
    kind: z
      .enum(['call', 'admin'], {
        error: 'Write admin for a key that only asks for limits, or leave it out.',
      })
      .optional(),
    project: line('Write the project or workspace that the account is.', 256).optional(),
  },
  { error: 'Write a credential such as { id: k1, secret: "${OPENAI_KEY_A}" }.' },
);

const accountWeight = 'Write a number above 0 and up to 100, such as 2; 1 is usual.';
const priceFactor =
  'Write a number from 0 to 100: 0.8 is a fifth off the price of the model, 1 is usual.';

/** One account as it is written, in the file, over HTTP and in an import alike. */
export const accountSchema = z.strictObject(
  {
    id: identifier,
    provider: identifier,
    owner_email: z
      .email({ error: 'Write an e-mail address such as platform@example.com.' })
      .optional(),
    entitlement: line(
      'Write what entitles you to this account, such as "contract 2026-114".',
    ).optional(),
    base_url: url.optional(),
    models: patterns.optional(),
    credentials: z
      .array(credentialSchema, {
        error: 'Write a list such as [{ id: k1, secret: "${OPENAI_KEY_A}" }].',
      })
      .min(1, {
        error: 'An account needs at least one credential: [{ id: k1, secret: "${OPENAI_KEY_A}" }].',
      }),
    limits: z
      .array(limitRule, { error: 'Write a list of rules such as [{ models: ["*"], rpm: 500 }].' })
      .optional(),
    weight: z
      .number({ error: accountWeight })
      .gt(0, { error: accountWeight })
      .max(100, { error: accountWeight })
      .optional(),
    price_factor: z
      .number({ error: priceFactor })
      .min(0, { error: priceFactor })
      .max(100, { error: priceFactor })
      .optional(),
  },
  { error: 'Write an account with id, provider and credentials.' },
);

const provider = z.strictObject(
  {
    id: identifier,
    type: z.literal('openai-compatible', {
      error: 'Write openai-compatible; other vendors need no entry here.',
    }),
    base_url: url,
  },
  { error: 'Write { id: vllm-hn, type: openai-compatible, base_url: "http://10.0.0.7:8000/v1" }.' },
);

const money = z
  .number({ error: 'Write USD per million tokens, such as 2.5.' })
  .min(0, { error: 'Write USD per million tokens, such as 2.5; a price is not negative.' })
  .max(100_000, { error: 'Write USD per million tokens, such as 2.5.' });

const price = z.strictObject(
  { input: money, output: money, cached_input: money.optional() },
  { error: 'Write { input: 2.5, output: 10, cached_input: 0.25 } in USD per million tokens.' },
);

const tenant = z.strictObject(
  {
    weight: z
      .number({ error: 'Write a number from 0.01 to 1000, such as 2.' })
      .min(0.01, { error: 'Write a number from 0.01 to 1000, such as 2.' })
      .max(1000, { error: 'Write a number from 0.01 to 1000, such as 2.' })
      .optional(),
    reserve: z
      .number({ error: 'Write a share from 0 to 0.9, such as 0.1 for a tenth.' })
      .min(0, { error: 'Write a share from 0 to 0.9, such as 0.1 for a tenth.' })
      .max(0.9, { error: 'Write a share from 0 to 0.9, such as 0.1 for a tenth.' })
      .optional(),
  },
  { error: 'Write { weight: 2, reserve: 0.1 }.' },
);

const seconds = z
  .number({ error: 'Write seconds, such as 60.' })
  .min(0.05, { error: 'Write seconds, such as 60.' })
  .max(3_600, { error: 'Write at most 3600 seconds.' })
  .optional();

const timeOuts = z.strictObject(
  { first_byte: seconds, first_token: seconds, idle: seconds, reply: seconds },
  { error: 'Write seconds, such as { first_byte: 60, first_token: 180, idle: 90, reply: 600 }.' },
);

const modelName = z.string().regex(/^[a-z0-9][a-z0-9._-]*\/\S{1,200}$/, {
  error: 'Write provider/model, such as openai/gpt-5.6-sol.',
});

const listOf = <Item extends z.ZodType>(item: Item, shape: string) =>
  z.array(item, { error: shape }).max(10_000, { error: 'List at most 10000 entries.' }).nullish();

export const configSchema = z.strictObject(
  {
    providers: listOf(provider, 'Write a list of hosts, each { id, type, base_url }.'),
    accounts: listOf(
      accountSchema,
      'Write a list of accounts, each with id, provider and credentials.',
    ),
    choice: z
      .enum(choicePolicies, { error: `Write one of ${choicePolicies.join(', ')}.` })
      .nullish(),
    tenants: z
      .record(identifier, tenant, {
        error: 'Write tenants and terms, such as { default: { weight: 2 } }.',
      })
      .refine((terms) => sumOfReserves(terms) <= 0.9, {
        error: 'Lower the reserves: together they may keep at most 0.9 of every limit.',
      })
      .nullish(),
    aliases: z
      .record(
        z.string().regex(/^[^\s/]{1,100}$/, {
          error: 'Name an alias without "/" and spaces, such as gpt-4.',
        }),
        modelName,
        { error: 'Write names and models, such as { gpt-4: openai/gpt-5.6-sol }.' },
      )
      .nullish(),
    prices: z
      .record(modelName, price, {
        error:
          'Write models and prices, such as { openai/gpt-5.6-sol: { input: 2.5, output: 10 } }.',
      })
      .nullish(),
    time_outs: timeOuts.nullish(),
  },
  {
    error:
      'Write a mapping with the keys providers, accounts, choice, tenants, aliases, prices and time_outs.',
  },
);

function sumOfReserves(terms: Record<string, z.infer<typeof tenant>>): number {
  return Object.values(terms).reduce((sum, { reserve = 0 }) => sum + reserve, 0);
}

/** The keys of the mapping at `path`, for advice about one that is unknown there. */
export function knownKeys(path: readonly (string | number)[]): string[] {
  const shapes: Record<string, z.ZodObject> = {
    providers: provider,
    accounts: accountSchema,
    credentials: credentialSchema,
  };
  const within = path.findLast((part) => typeof part === 'string' && part !== 'models');
  if (within === undefined) return Object.keys(configSchema.shape);
  if (path[0] === 'prices') return Object.keys(price.shape);
  if (path[0] === 'tenants') return Object.keys(tenant.shape);
  return Object.keys((within === 'limits' ? limitRule : (shapes[within] ?? accountSchema)).shape);
}

export type ConfigDocument = z.infer<typeof configSchema>;
