ALTER TABLE accounts
  -- its part of its pools' load, beside those of the others times their limits
  ADD COLUMN weight double precision NOT NULL DEFAULT 1 CHECK (weight > 0 AND weight <= 100),
  -- what it pays, as a part of the model's price
  ADD COLUMN price_factor double precision NOT NULL DEFAULT 1 CHECK (price_factor >= 0 AND price_factor <= 100);
