-- Limits inferred from refusals and successes, and the steepest growth that a vendor accepts; see the
-- embedded learned-limit.ts and ramp.ts, whose arithmetic this is.
local function is_explained(seat, refused, amounts, facts)
  if refused.limit > 0 and facts.before + amounts[facts.index] > facts.bound * 0.95 then
    return true
  end
  local seconds = facts.index == RPM or facts.index == TPM
  return seat.a.per and seconds and facts.before < facts.bound / 2
end

local function lower_limit(seat, refused, amounts, sent_at)
  local b = seat.b
  local index = refused.dim == 0 and RPM or refused.dim
  local amount = amounts[index]
  if refused.limit > 0 then
    b.obs[index] = refused.limit
    effective(b)
  end
  if amount == 0 or index == RPD or b.stated[index] then
    return
  end
  local known = b.learned[index]
  if known and sent_at < known.at then
    return
  end
  local bound = bound_of(seat, index)
  local before = max(0, used_of(seat, index) - amount)
  if bound and is_explained(seat, refused, amounts, { index = index, bound = bound, before = before }) then
    return
  end
  local ceiling = max(1, min(before, bound or before))
  local factor = known and known.refusals > 0 and 0.7 or 0.9
  b.learned[index] = {
    limit = max(1, ceiling * factor, (bound or 0) * 0.5),
    ceiling = ceiling,
    at = now,
    refusals = (known and known.refusals or 0) + 1,
  }
end

local function raise_limits(seat, amounts)
  local b = seat.b
  for index = 1, 6 do
    local learned, amount = b.learned[index], amounts[index]
    if learned and amount > 0 then
      learned.refusals = 0
      if used_of(seat, index) >= learned.limit * 0.8 then
        local around = learned.limit >= learned.ceiling * 0.97 and learned.limit <= learned.ceiling * 1.03
        learned.limit = learned.limit + amount * (around and 0.005 or 0.1)
        if b.lim[index] >= 0 and learned.limit >= b.lim[index] then
          b.learned[index] = false
        end
      end
    end
  end
end

-- Something was spent: a minute whose fullest moment was near the ceiling lifts it.
local function climb(seat)
  local b, ramp, used = seat.b, seat.a.ramp, used_of(seat, ITPM)
  if b.climbed == 0 or now < b.climbed then
    b.climbed = now
  end
  b.peak = max(b.peak, used)
  if now - b.climbed < 60000 then
    return
  end
  local step = b.ceiling * ramp.rate * min(now - b.climbed, 120000)
  if b.peak >= b.ceiling * 0.8 then
    b.ceiling = b.ceiling + step
  else
    b.ceiling = max(ramp.above, b.ceiling - step)
  end
  b.peak, b.climbed = used, now
end
