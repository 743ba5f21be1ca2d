export interface CatalogueEntry {
  /** HTTP status with which it leaves the gateway. */
  status: number;
  /** Whether the same request can succeed later without a change. */
  retryable: boolean;
  /** One sentence: what happened. */
  title: string;
  /** One sentence: what to do about it. */
  fix: string;
}

/** Every code that leaves Headrace. `docs/errors.md` is checked against this table. */
export const catalogue = {
  brief_empty: {
    status: 400,
    retryable: false,
    title: 'The brief is empty.',
    fix: 'Write what you want done, in any language.',
  },
  brief_too_large: {
    status: 413,
    retryable: false,
    title: 'The brief is larger than 1 MiB.',
    fix: 'Shorten the brief, or attach the bulk of it as files.',
  },
  brief_not_text: {
    status: 400,
    retryable: false,
    title: 'The brief is not UTF-8 text.',
    fix: 'Save the file as UTF-8 text; attach binary files with --attach.',
  },
  request_invalid: {
    status: 400,
    retryable: false,
    title: 'The request does not have the documented shape.',
    fix: 'Compare the named field with /openapi.json.',
  },
  model_unknown: {
    status: 404,
    retryable: false,
    title: 'No account serves this model.',
    fix: 'Choose one that ./headrace models list (GET /v1/models) shows, or add an account or an alias.',
  },
  not_found: {
    status: 404,
    retryable: false,
    title: 'There is no such thing here, or it is not yours.',
    fix: 'Check the id and the key with which you ask.',
  },
  conflict: {
    status: 409,
    retryable: false,
    title: 'The state of this resource does not allow that.',
    fix: 'Read the resource and try what its state allows.',
  },
  idempotency_conflict: {
    status: 422,
    retryable: false,
    title: 'This Idempotency-Key was used with another body.',
    fix: 'Use a new key for a new request.',
  },
  idempotency_in_progress: {
    status: 409,
    retryable: true,
    title: 'The first request with this Idempotency-Key has not ended.',
    fix: 'Repeat the request in a moment.',
  },
  unauthenticated: {
    status: 401,
    retryable: false,
    title: 'The request carries no valid key or token.',
    fix: 'Send "Authorization: Bearer <key>"; the first admin key lies in the data directory.',
  },
  forbidden: {
    status: 403,
    retryable: false,
    title: 'This key or user may not do that.',
    fix: 'Ask an administrator for a key with the needed role.',
  },
  unsupported_media_type: {
    status: 415,
    retryable: false,
    title: 'This content type is not read here.',
    fix: 'Send JSON with "Content-Type: application/json".',
  },
  method_not_allowed: {
    status: 405,
    retryable: false,
    title: 'This route does not know that method.',
    fix: 'Use one of the methods in the Allow header; /openapi.json lists all routes.',
  },
  body_too_large: {
    status: 413,
    retryable: false,
    title: 'The body is larger than this route reads.',
    fix: 'Send less; of a project at most 1 MiB of brief and 20 MiB of files.',
  },
  no_accounts: {
    status: 503,
    retryable: false,
    title: 'No provider account is configured.',
    fix: 'Add one with ./headrace accounts add or in headrace.yaml, set a provider key in the environment, or start with --simulate.',
  },
  account_invalid: {
    status: 422,
    retryable: false,
    title: 'An account cannot be taken as it is written.',
    fix: 'Mend each named field; nothing was changed.',
  },
  account_declared: {
    status: 409,
    retryable: false,
    title: 'This account is declared outside, and is read-only here.',
    fix: 'Change it where it is declared.',
  },
  no_capacity: {
    status: 503,
    retryable: true,
    title: 'No account can take this call before its deadline.',
    fix: 'Retry after the stated time, or add accounts.',
  },
  never_fits: {
    status: 422,
    retryable: false,
    title: "The call is larger than every account's limit.",
    fix: 'Shorten the input or the output cap, or raise the limits if the vendor did.',
  },
  limiter_not_shared: {
    status: 503,
    retryable: true,
    title: 'Another process on this store holds the limiter.',
    fix: 'Use that process, or set REDIS_URL so that processes share one limiter.',
  },
  limiter_unreachable: {
    status: 503,
    retryable: true,
    title: 'Redis, which holds the limits, does not answer.',
    fix: 'Bring Redis back; until then each process admits at most its own share of every limit.',
  },
  upstream_failed: {
    status: 502,
    retryable: true,
    title: 'The provider did not answer the call.',
    fix: 'See the attempts for what each account answered; retry later.',
  },
  upstream_unreachable: {
    status: 502,
    retryable: false,
    title: 'No account that may answer can be reached from this machine.',
    fix: 'Check the network, its proxy and firewall, and the base_url of the named accounts; then rerun.',
  },
  upstream_rejected: {
    status: 400,
    retryable: false,
    title: 'The provider rejected the request.',
    fix: "Read the provider's reason in the message and change the request.",
  },
  upstream_timeout: {
    status: 504,
    retryable: true,
    title: 'The provider did not answer in time.',
    fix: 'Retry, or raise the time-out.',
  },
  upstream_credentials_exhausted: {
    status: 502,
    retryable: false,
    title: 'No account of this pool has a working credential.',
    fix: 'Replace the revoked credentials or settle the billing; see the accounts list.',
  },
  budget_exhausted: {
    status: 402,
    retryable: false,
    title: 'The budget does not cover the next call.',
    fix: 'Raise --budget-usd or --budget-tokens and rerun.',
  },
  budget_too_small: {
    status: 422,
    retryable: false,
    title: 'The budget does not pay for even one short answer.',
    fix: 'Raise --budget-usd or --budget-tokens to what is named, or shorten the brief.',
  },
  model_unpriced: {
    status: 422,
    retryable: false,
    title: 'This model has no price, so it cannot run under a money budget.',
    fix: 'Add it under prices: in headrace.yaml, or set a token budget instead.',
  },
  deadline_passed: {
    status: 504,
    retryable: false,
    title: 'The run did not end before its time-out.',
    fix: 'Raise --timeout and run it again.',
  },
  plan_invalid: {
    status: 502,
    retryable: true,
    title: 'The orchestrator model gave no usable plan.',
    fix: 'Rerun, or choose another --orchestrator.',
  },
  answer_invalid: {
    status: 502,
    retryable: true,
    title: 'The model answered with something that does not have the asked shape.',
    fix: 'Rerun, or choose another model.',
  },
  config_invalid: {
    status: 500,
    retryable: false,
    title: 'The configuration has a wrong value.',
    fix: 'Change the named key to the named shape.',
  },
  port_in_use: {
    status: 500,
    retryable: false,
    title: 'The port is in use by another program.',
    fix: 'Stop that program or set HEADRACE_PORT to a free port.',
  },
  store_unavailable: {
    status: 503,
    retryable: true,
    title: 'The database does not answer.',
    fix: 'Check that PostgreSQL runs and that DATABASE_URL is right; nothing accepted is lost.',
  },
  store_disk_full: {
    status: 507,
    retryable: true,
    title: 'The disk of the database is full.',
    fix: 'Free space on the disk of the data directory; what was accepted is safe.',
  },
  store_version_mismatch: {
    status: 500,
    retryable: false,
    title: 'The data directory belongs to another major version of PostgreSQL.',
    fix: 'Back it up with the version that wrote it and restore it here.',
  },
  store_schema_newer: {
    status: 500,
    retryable: false,
    title: 'The database was migrated by a newer Headrace.',
    fix: 'Run the newer Headrace, or restore a backup made by this one.',
  },
  store_schema_changed: {
    status: 500,
    retryable: false,
    title: "A migration that the database has is not this Headrace's.",
    fix: 'Run the Headrace that migrated it; never edit a released migration.',
  },
  store_platform_unsupported: {
    status: 500,
    retryable: false,
    title: 'There is no embedded PostgreSQL for this platform.',
    fix: 'Set DATABASE_URL to a PostgreSQL 14 or newer.',
  },
  secret_key_required: {
    status: 500,
    retryable: false,
    title: 'DATABASE_URL is set but no secret key is.',
    fix: 'Set HEADRACE_SECRET_KEY (32 bytes, base64) or HEADRACE_SECRET_KEY_FILE.',
  },
  secret_undecryptable: {
    status: 500,
    retryable: false,
    title: 'A stored secret cannot be decrypted with this secret key.',
    fix: 'Start with the secret key that encrypted it, or enter the secret again.',
  },
  address_forbidden: {
    status: 400,
    retryable: false,
    title: 'This upstream address is not allowed.',
    fix: 'Use a public https address, or allow its network in HEADRACE_UPSTREAM_ALLOW_CIDRS.',
  },
  setup_node_unsuitable: {
    status: 500,
    retryable: false,
    title: 'There is no Node.js that runs Headrace, and none to download for this platform.',
    fix: 'Install Node.js 20 or newer with npm; 22.22 or newer where none can be downloaded.',
  },
  setup_npm_missing: {
    status: 500,
    retryable: false,
    title: 'npm is not on the PATH.',
    fix: 'Install npm beside Node.js.',
  },
  setup_no_network: {
    status: 500,
    retryable: true,
    title: 'The npm registry cannot be reached.',
    fix: "Connect to the network, or set npm's registry or proxy.",
  },
  setup_download_failed: {
    status: 500,
    retryable: true,
    title: 'npm could not bring the packages.',
    fix: "Mend what npm's message in the sentence names and start again.",
  },
  setup_read_only: {
    status: 500,
    retryable: false,
    title: 'This user may not write to the checkout, where the packages belong.',
    fix: 'Start once as a user who may, or use a checkout of your own.',
  },
  setup_disk_full: {
    status: 500,
    retryable: true,
    title: 'The disk of the checkout is full.',
    fix: 'Free some space and start again.',
  },
  setup_failed: {
    status: 500,
    retryable: false,
    title: 'The first start could not set Headrace up.',
    fix: 'Mend what the sentence names and start again.',
  },
  internal: {
    status: 500,
    retryable: true,
    title: 'Something failed inside Headrace.',
    fix: 'Look for the request id in the log and report it.',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;
