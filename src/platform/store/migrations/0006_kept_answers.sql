-- What models answered in a task that asks several times: a task that begins anew after a crash is not to
-- pay for the same again. Gone with the run's end.
CREATE TABLE kept_answers (
  task_id text NOT NULL REFERENCES tasks,
  -- which of the task's questions it answers
  name text NOT NULL,
  tenant_id text NOT NULL REFERENCES tenants,
  run_id text NOT NULL REFERENCES runs,
  attempt_id text NOT NULL REFERENCES attempts,
  -- JSON as text: a model may write U+0000, which jsonb does not hold
  answer text NOT NULL,
  PRIMARY KEY (task_id, name)
);
CREATE INDEX kept_answers_of_run ON kept_answers (run_id);
ALTER TABLE kept_answers ENABLE ROW LEVEL SECURITY;
ALTER TABLE kept_answers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kept_answers USING (visible(tenant_id)) WITH CHECK (visible(tenant_id));
