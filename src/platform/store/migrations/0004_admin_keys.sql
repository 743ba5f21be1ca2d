-- Keys of an organisation's administrators ask its vendor for limits; they never call.
ALTER TABLE credentials
  ADD COLUMN kind text NOT NULL DEFAULT 'call' CHECK (kind IN ('call', 'admin')),
  -- the project or workspace that the account is within its organisation; null: the organisation itself
  ADD COLUMN project text;
