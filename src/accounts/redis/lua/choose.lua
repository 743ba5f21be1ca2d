-- Below this share an affine account is left, so that a conversation does not exhaust it alone.
local AFFINITY_FLOOR = 0.1

local function delay(verdict, wait, by)
  if wait == 0 then
    return
  end
  -- Waiting for calls to end has no time of its own; only a person's decision outlasts it.
  local outranks
  if wait == RELEASE then
    outranks = verdict.wait ~= NEVER
  else
    outranks = wait == NEVER or (verdict.wait ~= RELEASE and wait > verdict.wait)
  end
  if outranks then
    verdict.wait = wait
    verdict.by = by
  end
end

-- What of a limit is open to a call that leaves a share of it to others.
local function open_part(limit, amount, leave)
  if leave == 0 or amount > limit then
    return limit
  end
  return math.max(amount, limit - math.floor(limit * leave))
end

local function weigh(seat, index, ask, verdict)
  local amount = ask.cost[index]
  local limit = bound_of(seat, index)
  if not limit then
    return
  end
  local open = open_part(limit, amount, ask.leave or 0)
  local left = open - used_of(seat, index) - amount
  local wait = left >= 0 and 0 or wait_for(seat, index, amount, open)
  if wait == NEVER then
    verdict.large = true
    return
  end
  if wait ~= RELEASE then
    wait = math.max(wait, second_wait(seat, index, amount))
  end
  if wait == 0 then
    verdict.share = math.min(verdict.share, (left + limit - open) / limit)
  else
    delay(verdict, wait, index)
  end
end

local function judge(seat, ask)
  local amounts = ask.cost
  local verdict = { wait = 0, large = false, share = 1, by = 0, reason = false }
  for index = 1, 6 do
    if amounts[index] > 0 then
      weigh(seat, index, ask, verdict)
    end
    if verdict.large then
      return verdict
    end
  end
  if #seat.a.pauses > 0 then
    local wait, reason = paused_for(seat, amounts)
    delay(verdict, wait, 0)
    if verdict.by == 0 then
      verdict.reason = reason
    end
  end
  return verdict
end

local function largest_limit(known, seat, amounts)
  for index = 1, 6 do
    local limit = bound_of(seat, index)
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
local function note(refusal, seat, verdict, amounts)
  if verdict.large then
    refusal.large = largest_limit(refusal.large, seat, amounts)
    return
  end
  local open = verdict.wait == RELEASE
  if verdict.wait == NEVER then
    refusal.person = true
  end
  if open then
    refusal.exact = false
  end
  -- With n calls out that hold a slot for h ms each, one ends after h/n on average.
  local wait = verdict.wait
  if open then
    wait = math.max(1, math.ceil(seat.b.hold / math.max(1, seat.b.calls)))
  end
  if wait < refusal.wait then
    refusal.wait = wait
    refusal.verdict = verdict
  end
end

local function refuse(refusal)
  if refusal.wait ~= NEVER then
    local verdict = refusal.verdict
    local by = verdict.by == 0 and 'pause' or names[verdict.by]
    return { 'wait', refusal.wait, refusal.exact, by, verdict.reason }
  end
  if refusal.large and not refusal.person then
    return refusal.large
  end
  return { 'unusable' }
end

-- Most headroom; equal ones by fewer calls out, then by rank (the order of their ids). With affinity:
-- the highest weight that has headroom.
local function is_better(best, candidate)
  if not best then
    return true
  end
  if candidate.weight ~= best.weight then
    return candidate.weight > best.weight
  end
  if candidate.share ~= best.share then
    return candidate.share > best.share
  end
  local calls = candidate.seat.a.calls - best.seat.a.calls
  if calls ~= 0 then
    return calls < 0
  end
  return candidate.rank < best.rank
end

local function choose(ask)
  preload(ask.pool)
  local best = nil
  local refusal = { wait = NEVER, exact = true }
  for place = 1, #ask.pool / 2 do
    local seat = seat_of(ask.pool[2 * place - 1], ask.pool[2 * place])
    if seat and seat.a.usable then
      local verdict = judge(seat, ask)
      if verdict.large or verdict.wait ~= 0 then
        note(refusal, seat, verdict, ask.cost)
      else
        local sticky = ask.weights and verdict.share >= AFFINITY_FLOOR
        local candidate = {
          seat = seat,
          share = verdict.share,
          weight = sticky and ask.weights[place] or -1,
          rank = ask.ranks and ask.ranks[place] or place,
        }
        if is_better(best, candidate) then
          best = candidate
        end
      end
    end
  end
  return best, refusal
end
