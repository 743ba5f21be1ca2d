-- Below this share an affine account is left, so that a conversation does not exhaust it alone.
local AFFINITY_FLOOR = 0.1

-- Which of two waits is told: waiting for calls to end has no time of its own; only a person's decision
-- outlasts it.
local function outranks(wait, other)
  if wait == RELEASE then
    return other ~= NEVER
  end
  return wait == NEVER or (other ~= RELEASE and wait > other)
end

-- What of a limit is open to a call that leaves a share of it to others.
local function open_part(limit, amount, leave)
  if leave == 0 or amount > limit then
    return limit
  end
  return max(amount, limit - floor(limit * leave))
end

-- Whether the call fits at this account now (a wait of 0, and the share that it leaves), and if not, what
-- it waits for. NEVER as a share: a limit is smaller than the call.
local function judge(seat, amounts, leave)
  local wait, share, by, reason = 0, 1, 0, false
  for index = 1, 6 do
    local amount = amounts[index]
    local limit = amount > 0 and bound_of(seat, index, amount)
    if limit then
      local open = open_part(limit, amount, leave)
      local left = open - used_of(seat, index) - amount
      local own = left >= 0 and 0 or wait_for(seat, index, amount, open)
      if own == NEVER then
        return NEVER, NEVER, index, false
      end
      if seat.a.per and own ~= RELEASE then
        own = max(own, second_wait(seat, index, amount, limit))
      end
      if own ~= 0 then
        if outranks(own, wait) then
          wait, by = own, index
        end
      else
        share = min(share, (left + limit - open) / limit)
      end
    end
  end
  if #seat.a.pauses > 0 then
    local paused, why = paused_for(seat, amounts)
    if paused ~= 0 and outranks(paused, wait) then
      wait, by, reason = paused, 0, why
    end
  end
  return wait, share, by, reason
end

local function largest_limit(known, seat, amounts)
  for index = 1, 6 do
    local limit = bound_of(seat, index, amounts[index])
    if limit and amounts[index] > limit then
      if known and known[3] >= limit then
        return known
      end
      return { 'never', names[index], limit }
    end
  end
  return known
end

-- Gathers why each candidate refused into the earliest way out.
local function note(refusal, seat, wait, by, reason)
  if wait == NEVER then
    refusal.person = true
  end
  -- A call that ends brings a pause's end nearer only where it is the one that tries a guess.
  if by > 0 or wait == RELEASE then
    seat.lacks = seat.lacks or {}
    seat.lacks[by] = true
  end
  if wait == RELEASE then
    refusal.exact = false
    -- With n calls out that hold a slot for h ms each, one ends after h/n on average.
    wait = max(1, math.ceil(seat.b.hold / max(1, seat.b.calls)))
  end
  if wait < refusal.wait then
    refusal.wait, refusal.by, refusal.reason = wait, by, reason
  end
end

local function refuse(refusal)
  if refusal.wait ~= NEVER then
    local by = refusal.by == 0 and 'pause' or names[refusal.by]
    return { 'wait', refusal.wait, refusal.exact, by, refusal.reason }
  end
  if refusal.large and not refusal.person then
    return refusal.large
  end
  return { 'unusable' }
end

-- Until the first of what counts against its slowest limit leaves it; an unused account comes last.
local function refill_of(seat)
  local longest = 0
  for index = RPM, OTPM do
    if bound_of(seat, index) then
      longest = max(longest, refills_in(seat, index))
    end
  end
  return longest > 0 and longest or NEVER
end

-- Loads within one such step are equal, and then the price decides.
local STEP = 0.05

-- What decides between accounts that all have room: the order of standing.ts.
local function stands_before(one, other, fills)
  local a, b = one.seat.a, other.seat.a
  if one.rendezvous ~= other.rendezvous then
    return one.rendezvous > other.rendezvous
  end
  if fills then
    if a.weight ~= b.weight then
      return a.weight > b.weight
    end
    if a.price ~= b.price then
      return a.price < b.price
    end
    return one.rank < other.rank
  end
  if one.refill ~= other.refill then
    return one.refill < other.refill
  end
  if a.price ~= b.price then
    local steps = floor(one.load / STEP) - floor(other.load / STEP)
    if steps == 0 then
      return a.price < b.price
    end
    return steps < 0
  end
  if one.load ~= other.load then
    return one.load < other.load
  end
  local busy, busy_other = (a.calls + 1) / a.weight, (b.calls + 1) / b.weight
  if busy ~= busy_other then
    return busy < busy_other
  end
  return one.rank < other.rank
end

-- Most headroom for its weight; near equals by price, equals by fewer calls out, then by rank (the order of
-- their ids). With affinity: the highest weight that has headroom. See `Ask.choice` for other orders.
local function choose(ask, pool)
  local best, next = {}, {}
  local fills, by_refill = ask.choice == 'fill_first', ask.choice == 'soonest_reset_first'
  local refusal = { wait = NEVER, exact = true }
  local amounts, weights, ranks, leave = ask.cost, ask.weights, pool.ranks, ask.leave or 0
  for place, seat in ipairs(pool.seats) do
    if seat and seat.a.usable then
      local wait, share, by, reason = judge(seat, amounts, leave)
      if share == NEVER then
        refusal.large = largest_limit(refusal.large, seat, amounts)
      elseif wait ~= 0 then
        note(refusal, seat, wait, by, reason)
      else
        next.seat, next.share = seat, share
        next.rendezvous = weights and share >= AFFINITY_FLOOR and weights[place] or -1
        next.rank = ranks and ranks[place] or place
        next.refill = by_refill and refill_of(seat) or 0
        next.load = (1 - share) / seat.a.weight
        if not best.seat or stands_before(next, best, fills) then
          best, next = next, best
        end
      end
    end
  end
  return best.seat, best.share, refusal
end
