import type { LogLevel } from '../log.ts';

/** An OpenAI-compatible host that is not one of the known vendors. */
export interface ProviderConfig {
  id: string;
  type: 'openai-compatible';
  baseUrl: string;
}

export const limitDimensions = ['rpm', 'rpd', 'tpm', 'itpm', 'otpm', 'concurrency'] as const;
export type LimitDimension = (typeof limitDimensions)[number];

/**
 * Limits of one model class: an omitted dimension is learnt from the vendor's answers, `null` is
 * unlimited. Requests and tokens per minute or day; `concurrency` is calls at the same time.
 */
export type LimitRule = { models: string[] } & { [D in LimitDimension]?: number | null };

export interface CredentialConfig {
  id: string;
  secret: string;
  /** A key of the organisation's administrators: it asks for limits and never calls. */
  admin?: AdminRights | undefined;
}

export interface AdminRights {
  /** What the account is within its organisation: a project, a workspace; `null`: all of it. */
  project: string | null;
}

/** One quota domain at a provider; its credentials share its limits. */
export interface AccountConfig {
  id: string;
  provider: string;
  ownerEmail: string | null;
  entitlement: string | null;
  /** `null`: the provider's own address. */
  baseUrl: string | null;
  /** Glob patterns of the provider's model names; empty serves every model. */
  models: string[];
  credentials: CredentialConfig[];
  limits: LimitRule[];
  /** Its part of its pools' load, beside those of the other accounts times their limits; above 0, at most 100. */
  weight: number;
  /** What it pays, as a part of the model's price: of accounts with near equal headroom the cheapest is chosen. */
  priceFactor: number;
  managedBy: 'file' | 'environment';
}

/** USD per million tokens; `cachedInput` is `null` where cached input costs what fresh input costs. */
export interface ModelPrice {
  input: number;
  output: number;
  cachedInput: number | null;
}

/** Which of the accounts that have room takes a call; conversations stay where they are in any case. */
export const choicePolicies = ['most_headroom', 'soonest_reset_first', 'fill_first'] as const;
export type ChoicePolicy = (typeof choicePolicies)[number];

/** What a tenant gets of every pool while others ask too. */
export interface TenantTerms {
  /** Relative to the weights of the other tenants that ask, in tokens. */
  weight: number;
  /** Share of every limit, 0 to 1, that others never borrow. */
  reserve: number;
}

/** How long a call may take in each of its phases, ms. Connecting has a bound of its own in the transport. */
export interface TimeOuts {
  /** From sending to the headers of a streamed reply. */
  firstByteMs: number;
  /** From sending to the first text or reasoning of a stream. */
  firstTokenMs: number;
  /** Between two chunks of a stream. */
  idleMs: number;
  /** From sending to the end of a reply that is not streamed. */
  replyMs: number;
}

export interface ConfigWarning {
  where: string;
  message: string;
}

/** All configuration of a process, validated once at its start. */
export interface Config {
  host: string;
  /** 0 asks the operating system for a free port. */
  port: number;
  dataDir: string;
  /** The YAML file that was read, or `null`. */
  configFile: string | null;
  logLevel: LogLevel;
  adminKey: string | null;
  /** 32 bytes; `null` where none is set, and the data directory then keeps one of its own. */
  secretKey: Buffer | null;
  /** `null` runs the embedded PostgreSQL. */
  databaseUrl: string | null;
  /** `null` keeps the limits in this process; else the Redis or Valkey that processes share. */
  redisUrl: string | null;
  /** While Redis is away: `closed` admits this process's share of every limit, `open` whole limits. */
  limiterFail: 'closed' | 'open';
  providers: ProviderConfig[];
  accounts: AccountConfig[];
  /** Name → `provider/model`. */
  aliases: Record<string, string>;
  /** `provider/model` → price; overrides of the catalogue. */
  prices: Record<string, ModelPrice>;
  choice: ChoicePolicy;
  /** By id; a tenant that is missing has weight 1 and no reserve. */
  tenants: Record<string, TenantTerms>;
  /** What is left out has the usual value. */
  timeOuts: Partial<TimeOuts>;
  /** Networks outside the public internet that upstream calls may reach. */
  upstreamAllowCidrs: string[];
  /** Where an Ollama would answer; `configured` where OLLAMA_HOST names it. */
  ollama: { url: string; configured: boolean };
  warnings: ConfigWarning[];
}

/** What the command line sets; it wins over the environment. */
export interface ConfigFlags {
  host?: string | undefined;
  port?: string | number | undefined;
  dataDir?: string | undefined;
  config?: string | undefined;
  logLevel?: string | undefined;
}
