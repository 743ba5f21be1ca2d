ALTER TABLE runs
  -- why the brief is one task
  ADD COLUMN plan_single text;
