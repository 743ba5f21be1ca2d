-- What was known of an answer before anybody judged it, and what became of it: from these, confidence is calibrated.
CREATE TABLE outcomes (
  task_id text PRIMARY KEY REFERENCES tasks,
  tenant_id text NOT NULL REFERENCES tenants,
  run_id text NOT NULL REFERENCES runs,
  -- simulated answers say nothing about real ones
  simulated boolean NOT NULL,
  -- numbers from 0 to 1
  features jsonb NOT NULL,
  -- null until somebody has said; a person's word outranks a judge's
  passed boolean,
  source text CHECK (source IN ('judge', 'person')),
  labelled_at timestamptz
);
CREATE INDEX outcomes_labelled ON outcomes (tenant_id, simulated, labelled_at DESC) WHERE passed IS NOT NULL;
ALTER TABLE outcomes ENABLE ROW LEVEL SECURITY;
ALTER TABLE outcomes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON outcomes USING (visible(tenant_id)) WITH CHECK (visible(tenant_id));

-- From here on `accounts.state` is the operator's word (draining, disabled), else the worst of its pauses.
ALTER TABLE credentials
  -- rotated out: used only where no newer one works, and revoked at this time
  ADD COLUMN retires_at timestamptz,
  -- refused by its vendor since, so often in a row, and asked again then
  ADD COLUMN refused_at timestamptz,
  ADD COLUMN refusals int NOT NULL DEFAULT 0,
  ADD COLUMN probe_at timestamptz;

-- What a vendor's refusals hold back, until when and by whose word. It outlives the process that heard them.
CREATE TABLE account_pauses (
  account_id text NOT NULL REFERENCES accounts,
  -- '' is every model of the account
  model_class text NOT NULL DEFAULT '',
  -- '' is every call
  dimension text NOT NULL DEFAULT '',
  state text NOT NULL CHECK (state IN ('cooling', 'exhausted', 'quarantined')),
  -- rate_limited, quota_exhausted, billing, credential
  kind text NOT NULL,
  message text NOT NULL,
  provenance text NOT NULL CHECK (provenance IN ('stated', 'guessed')),
  -- refusals in a row, with which a guess grows
  times int NOT NULL,
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (account_id, model_class, dimension)
);

-- What happened to the pools: an account added, held back or taken back, a provider drained, a breaker opened.
CREATE TABLE pool_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT headrace_now(),
  type text NOT NULL,
  provider text NOT NULL,
  account_id text,
  data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX pool_events_of_account ON pool_events (account_id, id DESC) WHERE account_id IS NOT NULL;

-- Taken out by an operator until they resume it; model '' is all of the provider.
CREATE TABLE provider_drains (
  provider text NOT NULL,
  model text NOT NULL DEFAULT '',
  since timestamptz NOT NULL DEFAULT headrace_now(),
  PRIMARY KEY (provider, model)
);
