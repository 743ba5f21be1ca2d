-- Daily quotas that start anew at the vendor's midnight. Lua knows no zones: the caller brings the
-- midnights around the server's time (`input.zones`).
local function next_midnight(zone, at)
  for _, midnight in ipairs(input.zones[zone] or {}) do
    if midnight > at then
      return midnight
    end
  end
  error('no midnight of ' .. zone .. ' after ' .. at)
end

local function roll(seat)
  local b, zone, guard = seat.b, seat.a.zone, seat.a.guard
  if b.reset == 0 then
    b.reset = next_midnight(zone, now)
  end
  if now < b.reset + guard then
    return
  end
  local following = next_midnight(zone, b.reset)
  b.today = now < following + guard and b.tomorrow or 0
  b.tomorrow = 0
  b.reset = next_midnight(zone, now)
  change_seat(seat)
end

-- Calls sent around midnight count in both days, for the vendor's clock may see them in either.
local function add_to_day(seat, at, amount)
  local b = seat.b
  b.today = b.today + amount
  if at >= b.reset - seat.a.guard then
    b.tomorrow = b.tomorrow + amount
  end
  change_seat(seat)
end

local function by_zone(seat, index)
  return index == RPD and seat.a.zone ~= ''
end

-- What was inferred, or follows from how steeply use may grow; nil: nothing.
local function soft_bound_of(seat, index)
  local inferred = seat.b.learned[index]
  if index == ITPM and seat.a.ramp then
    local ceiling = seat.b.ceiling
    return floor(inferred and min(ceiling, inferred.limit) or ceiling)
  end
  return inferred and floor(inferred.limit) or nil
end

-- The limit that binds now, or nil. A class without a known limit starts with few calls at once.
local function bound_of(seat, index, amount)
  local lim = seat.b.lim
  local soft = soft_bound_of(seat, index)
  if soft then
    -- What was only inferred never makes a call too large: it goes when nothing else is in the window.
    soft = max(soft, amount or 0)
    return lim[index] >= 0 and min(lim[index], soft) or soft
  end
  if lim[index] >= 0 then
    return lim[index]
  end
  if index ~= CONCURRENCY or lim[index] ~= UNKNOWN then
    return nil
  end
  for other = RPM, OTPM do
    if lim[other] ~= UNKNOWN then
      return nil
    end
  end
  return seat.b.careful
end

local function used_of(seat, index)
  if index == CONCURRENCY then
    return seat.b.slots
  end
  if by_zone(seat, index) then
    roll(seat)
    return seat.b.today
  end
  local used = used_in(seat, index)
  return index == OTPM and used + seat.b.held or used
end

-- Until `cost` fits under `limit`.
local function wait_for(seat, index, cost, limit)
  local b = seat.b
  if cost > limit then
    return NEVER
  end
  if index == CONCURRENCY then
    return b.slots + cost <= limit and 0 or RELEASE
  end
  if by_zone(seat, index) then
    roll(seat)
    return b.today + cost <= limit and 0 or b.reset + seat.a.guard - now
  end
  if index ~= OTPM then
    return wait_until(seat, index, limit - cost)
  end
  if b.held + cost > limit then
    return RELEASE
  end
  return wait_until(seat, index, limit - cost - b.held)
end

-- Until the first of what counts now leaves; 0 where nothing counts.
local function refills_in(seat, index)
  if not by_zone(seat, index) then
    return first_leaves_in(seat, index)
  end
  roll(seat)
  return seat.b.today > 0 and seat.b.reset + seat.a.guard - now or 0
end

-- A call larger than a second's share goes when nothing else went in that second.
local function second_wait(seat, index, cost, limit)
  local w = second_of[index]
  if not w or not seat.a.per then
    return 0
  end
  local share = max(1, limit / 60)
  return wait_until(seat, w, math.max(0, share - cost))
end

local function take(seat, index, at, cost)
  change_seat(seat)
  if index == CONCURRENCY then
    seat.b.slots = seat.b.slots + cost
  elseif index == OTPM then
    seat.b.held = seat.b.held + cost
  elseif by_zone(seat, index) then
    roll(seat)
    add_to_day(seat, at, cost)
  else
    add(seat, index, at, cost)
  end
  if second_of[index] and seat.a.per then
    add(seat, second_of[index], at, cost)
  end
end

-- Replaces what was taken at `at` by what was used; the call ended at `ended`.
local function replace(seat, index, taken, actual)
  local b, at, cost = seat.b, taken.at, taken.cost
  change_seat(seat)
  if index == CONCURRENCY then
    b.slots = math.max(0, b.slots - cost)
  elseif index == OTPM then
    b.held = math.max(0, b.held - cost)
    add(seat, index, taken.ended, actual)
  elseif by_zone(seat, index) then
    roll(seat)
    if next_midnight(seat.a.zone, at) == b.reset then
      add_to_day(seat, at, actual - cost)
    end
  elseif not add(seat, index, at, actual - cost) and actual > cost then
    -- A call longer than the window left it with its reservation; only what it used beyond counts.
    add(seat, index, now, actual - cost)
  end
end

local function replace_in_second(seat, index, taken, actual)
  if second_of[index] and seat.a.per then
    add(seat, second_of[index], taken.at, actual - taken.cost)
  end
end

-- Use that did not come from a reservation of ours. Calls of others end without our hearing of it.
local function count(seat, index, at, amount)
  if index == CONCURRENCY then
    return
  end
  change_seat(seat)
  if by_zone(seat, index) then
    roll(seat)
    add_to_day(seat, now, amount)
  elseif not add(seat, index, at, amount) then
    add(seat, index, now, amount)
  end
end

-- The most that counted at any moment between; NEVER where nobody knows.
local function most_used(seat, index, from, to)
  if index == CONCURRENCY then
    return NEVER
  end
  if by_zone(seat, index) then
    roll(seat)
    return seat.b.today
  end
  local most = most_used_in(seat, index, from, to)
  return index == OTPM and most + seat.b.held or most
end

-- What answers showed of others in the last minute, as pairs of grain and amount; see the embedded
-- foreign-use.ts, whose arithmetic this is.
local function foreign_grains(seat, index)
  local kept = {}
  -- A bucket of an earlier version has none.
  for _, each in ipairs(seat.b.foreign and seat.b.foreign[index] or {}) do
    if each[1] * 5000 >= now - 60000 then
      kept[#kept + 1] = each
    end
  end
  return kept
end

local function count_foreign(seat, index, at, amount)
  if index == RPD then
    return
  end
  local grains = {}
  for other = 1, 6 do
    grains[other] = foreign_grains(seat, other)
  end
  local grain, found = floor((at < now - 60000 and now or at) / 5000), false
  for _, each in ipairs(grains[index]) do
    if each[1] == grain then
      each[2] = each[2] + amount
      found = true
    end
  end
  if not found then
    table.insert(grains[index], { grain, amount })
  end
  seat.b.foreign = grains
  change_seat(seat)
end

local function foreign_of(seat)
  local sums = {}
  for index = 1, 6 do
    sums[index] = 0
    for _, each in ipairs(foreign_grains(seat, index)) do
      sums[index] = sums[index] + each[2]
    end
  end
  return sums
end
