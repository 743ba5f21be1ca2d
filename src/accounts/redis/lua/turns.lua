-- Processes that wait for one pool come one after the other: told the same time, all of them would ask when
-- something frees, one would get it, and the others would have asked in vain. Turns live in the library's
-- memory only, for a lost one costs its process one more question.

-- A turn is long enough that some calls' worth has freed, ms; where many wait, all have theirs within a round.
local TURN, TURNS_ROUND = 150, 2000

-- Calls of these amounts that the pool's minutes let through.
local function calls_per_ms(pool, amounts)
  local sum = 0
  for _, seat in ipairs(pool.seats) do
    if seat and seat.a.usable then
      local calls = NEVER
      for index = RPM, OTPM do
        local amount = index ~= RPD and amounts[index] or 0
        local limit = amount > 0 and bound_of(seat, index, amount)
        if limit then
          calls = min(calls, limit < amount and 0 or limit / amount)
        end
      end
      sum = sum + calls
    end
  end
  return sum / 60000
end

-- The turns of other processes that are still to come, ascending.
local function turns_of_others(pool)
  local others = {}
  for from, at in pairs(pool.turns) do
    if at <= now then
      pool.turns[from] = nil
    elseif from ~= input.from then
      others[#others + 1] = at
    end
  end
  table.sort(others)
  return others
end

-- How long the process that asks has to wait for its turn: at least `wait`, when its call fits, and then
-- until there is a gap among the turns of others in which a call's worth frees.
local function take_turn(pool, amounts, wait)
  local others = turns_of_others(pool)
  local at = now + wait
  if #others > 0 then
    local spacing = max(1 / calls_per_ms(pool, amounts), min(TURN, TURNS_ROUND / (#others + 1)))
    for _, other in ipairs(others) do
      if other - at >= spacing then
        break
      end
      at = max(at, other + spacing)
    end
  end
  local own = pool.turns[input.from]
  pool.turns[input.from] = own and min(own, at) or at
  return math.ceil(at - now)
end

-- Something was given back that some call lacked here.
local function give_back(seat, index)
  if not (seat.lacks and seat.lacks[index]) then
    return
  end
  seat.lacks[index] = nil
  for _, pool in pairs(seat.pools or {}) do
    freed_pools[pool] = true
  end
end

-- Of those that wait for what was given back and is still there, the one whose turn is next comes at once.
-- Its turn is over with that: one that waits no more is not called again.
local function wake_next()
  for pool in pairs(freed_pools) do
    local next_one, soonest
    for from, at in pairs(full_pools[pool] and {} or pool.turns) do
      if from ~= input.from and at > now and (not soonest or at < soonest) then
        next_one, soonest = from, at
      end
    end
    if next_one then
      pool.turns[next_one] = nil
      redis.call('PUBLISH', tag .. ':freed', 'only ' .. next_one)
    end
  end
end
