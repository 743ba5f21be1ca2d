-- Every table lies in the schema `headrace`; the runner sets the search_path.
-- Row-level security: a transaction sees a tenant's rows when headrace.tenant_id names that tenant,
-- and all rows when headrace.scope is 'system'. With neither set it sees nothing.

CREATE TABLE simulated_clock (now timestamptz NOT NULL);

-- The database's clock, or the simulation's. All SQL asks this and never now().
CREATE FUNCTION headrace_now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT coalesce((SELECT now FROM simulated_clock LIMIT 1), clock_timestamp()) $$;

CREATE FUNCTION visible(tenant text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT current_setting('headrace.scope', true) = 'system'
       OR tenant = current_setting('headrace.tenant_id', true) $$;

CREATE TABLE tenants (
  id text PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT headrace_now()
);

CREATE TABLE users (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  name text NOT NULL UNIQUE,
  password_hash text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'member')),
  created_at timestamptz NOT NULL DEFAULT headrace_now(),
  disabled_at timestamptz
);

-- Keys are found by their hash before a tenant is known: looked up in system scope only.
CREATE TABLE keys (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  name text NOT NULL,
  prefix text NOT NULL,
  hash bytea NOT NULL UNIQUE,
  role text NOT NULL CHECK (role IN ('admin', 'member')),
  created_at timestamptz NOT NULL DEFAULT headrace_now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- Text and files above 64 KiB (and every attachment and artifact): off the rows that lists read.
CREATE TABLE payloads (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  media_type text NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  content bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT headrace_now()
);
ALTER TABLE payloads ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE projects (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  kind text NOT NULL CHECK (kind IN ('brief', 'fanout')),
  title text NOT NULL,
  brief_payload text NOT NULL REFERENCES payloads,
  -- [{name, media_type, bytes, payload_id}]
  files jsonb NOT NULL DEFAULT '[]',
  -- {models, orchestrator, clarify, approve, panel, budget: {usd, tokens}, timeout_ms, lane}
  settings jsonb NOT NULL,
  created_by text,
  created_at timestamptz NOT NULL DEFAULT headrace_now()
);
CREATE INDEX projects_by_time ON projects (tenant_id, created_at DESC, id DESC);

CREATE TABLE runs (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  project_id text NOT NULL REFERENCES projects,
  number int NOT NULL,
  status text NOT NULL CHECK (status IN ('queued', 'clarifying', 'awaiting_input', 'planning',
    'awaiting_approval', 'running', 'merging', 'judging', 'paused', 'succeeded', 'failed', 'cancelled')),
  -- the status to which a paused run returns
  paused_from text,
  simulated boolean NOT NULL,
  settings jsonb NOT NULL,
  -- [{question, default, answer, source}]
  clarifications jsonb NOT NULL DEFAULT '[]',
  answers_due_at timestamptz,
  plan_complete boolean NOT NULL DEFAULT false,
  -- fixed yes/no criteria of the whole result, by which it is judged
  criteria jsonb NOT NULL DEFAULT '[]',
  plan_note text,
  -- counts the changes that people made to the plan, from 1
  plan_version int NOT NULL DEFAULT 1,
  -- planner's keys of sections in reading order, where that is not the order of planning
  reading_order jsonb NOT NULL DEFAULT '[]',
  -- rounds of judging that ended
  rounds int NOT NULL DEFAULT 0,
  verdict jsonb,
  confidence jsonb,
  merge_report jsonb NOT NULL DEFAULT '[]',
  artifacts jsonb NOT NULL DEFAULT '[]',
  result_payload text REFERENCES payloads,
  failure jsonb,
  trace_id text NOT NULL,
  rerun_of text,
  version bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT headrace_now(),
  started_at timestamptz,
  finished_at timestamptz,
  deadline_at timestamptz,
  UNIQUE (project_id, number)
);
CREATE INDEX runs_by_time ON runs (tenant_id, created_at DESC, id DESC);
CREATE INDEX runs_live ON runs (status) WHERE finished_at IS NULL;

CREATE TABLE run_counters (
  run_id text PRIMARY KEY REFERENCES runs,
  tenant_id text NOT NULL,
  last_event bigint NOT NULL DEFAULT 0,
  last_task int NOT NULL DEFAULT 0
);

CREATE TABLE run_events (
  run_id text NOT NULL REFERENCES runs,
  number bigint NOT NULL,
  tenant_id text NOT NULL,
  at timestamptz NOT NULL,
  type text NOT NULL,
  step int,
  task_id text,
  attempt_id text,
  data jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (run_id, number)
);

CREATE TABLE tasks (
  id text PRIMARY KEY,
  tenant_id text NOT NULL REFERENCES tenants,
  run_id text NOT NULL REFERENCES runs,
  -- the order in which the run's tasks were stored, from 1
  ordinal int NOT NULL,
  -- the id the planner gave, unique among a run's tasks of one revision
  key text NOT NULL,
  -- clarify, plan, merge and judge and panel are the orchestrator's; every other kind is a worker's
  kind text NOT NULL,
  title text NOT NULL,
  instruction text NOT NULL,
  -- [{id (a task id), uses}]
  depends_on jsonb NOT NULL DEFAULT '[]',
  required boolean NOT NULL DEFAULT true,
  acceptance jsonb NOT NULL DEFAULT '[]',
  -- [{criterion, fix}]: what a judge found wrong with the superseded task's output
  rework jsonb NOT NULL DEFAULT '[]',
  -- where the output is a file of the result: its relative path
  artifact_path text,
  output_schema jsonb,
  max_tokens int NOT NULL,
  -- models that may serve it (provider/model), best first; empty: any
  models jsonb NOT NULL DEFAULT '[]',
  -- member of this panel task
  member_of text REFERENCES tasks,
  lane text NOT NULL CHECK (lane IN ('priority', 'standard', 'batch')),
  -- length in estimated output tokens of the longest chain of dependants, itself included
  critical_path bigint NOT NULL DEFAULT 0,
  status text NOT NULL CHECK (status IN ('pending', 'ready', 'assigned', 'running', 'succeeded',
    'failed', 'superseded', 'cancelled')),
  supersedes text REFERENCES tasks,
  -- {"provider": "2026-…"}: not before this time at this provider; "*" for all
  not_before jsonb NOT NULL DEFAULT '{}',
  refusals int NOT NULL DEFAULT 0,
  tries int NOT NULL DEFAULT 0,
  assignment int NOT NULL DEFAULT 0,
  assigned_provider text,
  assigned_model text,
  assigned_at timestamptz,
  worker_id text,
  fencing_token bigint,
  lease_until timestamptz,
  output text,
  output_payload text REFERENCES payloads,
  -- small facts about the output that the orchestrator needs: {model, provider, finish_reason, ...}
  output_meta jsonb,
  -- {code, kind, message, dead}
  failure jsonb,
  created_at timestamptz NOT NULL DEFAULT headrace_now(),
  ready_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz
);
CREATE INDEX tasks_of_run ON tasks (run_id, ordinal);
CREATE INDEX tasks_ready ON tasks (ready_at) WHERE status = 'ready';
CREATE INDEX tasks_assigned ON tasks (assigned_at) WHERE status = 'assigned';
CREATE INDEX tasks_leased ON tasks (lease_until) WHERE status = 'running';
-- the latest judgements of a tenant, from which pass rates are measured
CREATE INDEX tasks_judged ON tasks (tenant_id, finished_at DESC) WHERE kind = 'judge' AND status = 'succeeded';

CREATE SEQUENCE fencing_tokens;

CREATE TABLE attempts (
  id text PRIMARY KEY,
  tenant_id text NOT NULL,
  -- null for a call through /v1 that belongs to no run
  run_id text REFERENCES runs,
  task_id text REFERENCES tasks,
  request_id text,
  fencing_token bigint,
  number int NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  account_id text NOT NULL,
  credential_id text NOT NULL,
  simulated boolean NOT NULL,
  -- null while it runs
  outcome text CHECK (outcome IN ('succeeded', 'failed', 'unknown', 'cancelled')),
  failure jsonb,
  reserved_input_tokens bigint NOT NULL,
  reserved_output_tokens bigint NOT NULL,
  -- null: unpriced
  reserved_nano_usd bigint,
  input_tokens bigint,
  output_tokens bigint,
  cached_input_tokens bigint,
  reasoning_tokens bigint,
  cost_nano_usd bigint,
  started_at timestamptz NOT NULL DEFAULT headrace_now(),
  first_token_at timestamptz,
  finished_at timestamptz
);
CREATE INDEX attempts_of_run ON attempts (run_id, started_at);
CREATE INDEX attempts_of_task ON attempts (task_id);
CREATE INDEX attempts_by_time ON attempts (tenant_id, started_at DESC);
CREATE INDEX attempts_open ON attempts (started_at) WHERE outcome IS NULL;

-- One row per run: what it may spend, what open attempts hold, what ended attempts cost.
CREATE TABLE budgets (
  run_id text PRIMARY KEY REFERENCES runs,
  tenant_id text NOT NULL,
  -- null: unlimited
  limit_nano_usd bigint,
  limit_tokens bigint,
  -- what merging and judging may take and nothing else, for the first time and for one rework
  kept_nano_usd bigint NOT NULL DEFAULT 0,
  kept_tokens bigint NOT NULL DEFAULT 0,
  reserved_nano_usd bigint NOT NULL DEFAULT 0,
  reserved_tokens bigint NOT NULL DEFAULT 0,
  spent_nano_usd bigint NOT NULL DEFAULT 0,
  spent_tokens bigint NOT NULL DEFAULT 0
);

CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id text NOT NULL,
  task_id text NOT NULL,
  run_id text NOT NULL,
  assignment int NOT NULL,
  provider text NOT NULL,
  lane text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT headrace_now(),
  -- when a carrier other than the embedded one took it over
  sent_at timestamptz,
  -- until when a taker holds the row; where it dies without a word the row is visible again
  taken_until timestamptz
);
CREATE INDEX outbox_unsent ON outbox (provider, lane, id) WHERE sent_at IS NULL;
CREATE INDEX outbox_of_task ON outbox (task_id);

-- A run that may be able to advance; deleted by the orchestrator that advances it.
CREATE TABLE advances (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id text NOT NULL,
  tenant_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT headrace_now()
);
CREATE INDEX advances_of_run ON advances (run_id);

CREATE TABLE workers (
  id text PRIMARY KEY,
  role text NOT NULL CHECK (role IN ('worker', 'orchestrator')),
  providers jsonb NOT NULL,
  slots int NOT NULL,
  free_slots int NOT NULL,
  heartbeat_at timestamptz NOT NULL DEFAULT headrace_now()
);

-- When this database was last found started; no lease lapses within one lease of it.
CREATE TABLE server_starts (
  postmaster_started_at timestamptz PRIMARY KEY,
  seen_at timestamptz NOT NULL DEFAULT headrace_now()
);

CREATE TABLE accounts (
  id text PRIMARY KEY,
  provider text NOT NULL,
  managed_by text NOT NULL CHECK (managed_by IN ('file', 'environment', 'simulation', 'api')),
  owner_email text,
  entitlement text,
  base_url text,
  models jsonb NOT NULL DEFAULT '["*"]',
  limits jsonb NOT NULL DEFAULT '[]',
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'cooling', 'exhausted', 'quarantined', 'draining', 'disabled')),
  state_reason jsonb,
  state_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT headrace_now(),
  updated_at timestamptz NOT NULL DEFAULT headrace_now()
);

CREATE TABLE credentials (
  account_id text NOT NULL REFERENCES accounts,
  id text NOT NULL,
  fingerprint text NOT NULL,
  -- AES-256-GCM under a data key of its own, itself wrapped by the secret key; additional data: account, id, version
  sealed jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT headrace_now(),
  revoked_at timestamptz,
  PRIMARY KEY (account_id, id)
);

-- The limiter's windows, written every second: after a crash the time since then counts as spent.
CREATE TABLE limiter_snapshots (
  pool text PRIMARY KEY,
  taken_at timestamptz NOT NULL,
  windows jsonb NOT NULL
);

CREATE TABLE idempotency_keys (
  tenant_id text NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  body_hash text NOT NULL,
  status int,
  response jsonb,
  created_at timestamptz NOT NULL DEFAULT headrace_now(),
  PRIMARY KEY (tenant_id, route, key)
);

DO $$
DECLARE owned text;
BEGIN
  FOREACH owned IN ARRAY ARRAY['users', 'keys', 'payloads', 'projects', 'runs', 'run_counters', 'run_events',
    'tasks', 'attempts', 'budgets', 'outbox', 'advances', 'idempotency_keys'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
    EXECUTE format('CREATE POLICY tenant ON %I USING (visible(tenant_id)) WITH CHECK (visible(tenant_id))', owned);
  END LOOP;
END $$;
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenants USING (visible(id)) WITH CHECK (visible(id));

INSERT INTO tenants (id, name) VALUES ('default', 'Default');
