-- Open reservations: a hash by id, and their ends in a sorted set, by which those that nobody settled
-- are found, whichever process made them.
local function write_reservation(id, held)
  redis.call('HSET', tag .. ':r', id, cmsgpack.pack(held))
  redis.call('ZADD', tag .. ':x', string.format('%.0f', held.till), id)
end

local function hold(id, seat, held)
  for index = 1, 6 do
    if held.cost[index] > 0 then
      take(seat, index, held.at, held.cost[index])
    end
  end
  if seat.a.ramp and held.cost[ITPM] > 0 then
    climb(seat)
  end
  seat.b.calls = seat.b.calls + 1
  seat.a.calls = seat.a.calls + 1
  change_seat(seat)
  change_account(seat.a)
  write_reservation(id, held)
end

local function read_reservation(id)
  local raw = redis.call('HGET', tag .. ':r', id)
  return raw and cmsgpack.unpack(raw)
end

-- The spread of recent times to the first byte; see the embedded window-guard.ts. A recent time is one of
-- the turn that runs, or of the one before.
local TURN_OF_GUARD, ENOUGH_SEEN = 61000, 16

local function new_recent()
  return { at = 0, count = 0, least = -1, most = -1, least_before = -1, most_before = -1 }
end

local function turn_guard(recent)
  local ran = math.abs(now - recent.at)
  if ran < TURN_OF_GUARD then
    return
  end
  local kept = ran < 2 * TURN_OF_GUARD and recent.least or -1
  recent.least_before, recent.most_before = kept, recent.most
  recent.least, recent.most, recent.at = -1, -1, now
end

local function observe_first_byte(account, ms)
  if account.fixed then
    return
  end
  local recent = account.recent
  turn_guard(recent)
  recent.least = recent.least < 0 and ms or min(recent.least, ms)
  recent.most = max(recent.most, ms)
  recent.count = recent.count + 1
  change_account(account)
  if recent.count < ENOUGH_SEEN then
    return
  end
  local least, most = recent.least, recent.most
  if recent.least_before >= 0 then
    least, most = min(least, recent.least_before), max(most, recent.most_before)
  end
  account.guard = min(500, max(100, most - least))
end

local function actual_of(settlement, cost, index)
  if settlement.outcome == 'unsent' then
    return 0
  end
  local actual = settlement.actual and settlement.actual[index] or -1
  if settlement.outcome == 'unknown' or actual < 0 then
    return cost
  end
  return actual
end

local function learn_from(seat, held, settlement)
  local b = seat.b
  b.hold = b.hold + (settlement.ended - held.at - b.hold) / 8
  if settlement.first_byte >= 0 then
    observe_first_byte(seat.a, settlement.first_byte)
  end
  if not settlement.succeeded then
    return
  end
  end_guesses(seat.a, seat.class, held.at)
  if b.calls + 1 >= b.careful / 2 then
    b.careful = math.min(1024, b.careful + 1)
  end
end

-- Less was used than reserved, a slot came free, or held output begins to leave its window.
local function makes_room(seat, index, cost, actual)
  if cost == 0 or not bound_of(seat, index) then
    return false
  end
  return index == CONCURRENCY or index == OTPM or actual < cost
end

-- Once: who comes later finds no reservation.
local function settle(id, settlement)
  local held = read_reservation(id)
  if not held then
    return
  end
  redis.call('HDEL', tag .. ':r', id)
  redis.call('ZREM', tag .. ':x', id)
  local seat = seat_of(held.account, held.class)
  if not seat then
    return
  end
  -- While the call still counts in its windows, as it did when the vendor judged it.
  if settlement.refused then
    lower_limit(seat, settlement.refused, held.cost, held.at)
  elseif settlement.succeeded then
    raise_limits(seat, held.cost)
  end
  for index = 1, 6 do
    local cost = held.cost[index]
    local actual = actual_of(settlement, cost, index)
    local taken = { at = held.at, cost = cost, ended = settlement.ended }
    if cost > 0 then
      replace(seat, index, taken, actual)
    elseif actual > 0 then
      count(seat, index, held.at, actual)
    end
    replace_in_second(seat, index, taken, actual)
    if makes_room(seat, index, cost, actual) then
      give_back(seat, index)
    end
  end
  -- What holds the account back waited for this call to end.
  if seat.lacks and seat.lacks[0] then
    seat.lacks[0] = nil
    freed = true
  end
  seat.b.calls = math.max(0, seat.b.calls - 1)
  seat.a.calls = math.max(0, seat.a.calls - 1)
  change_seat(seat)
  change_account(seat.a)
  if settlement.outcome ~= 'unsent' then
    learn_from(seat, held, settlement)
  end
end

-- A replica that was killed settles nothing: its reservations end as unknown, at the time they were given.
local function settle_overdue()
  local ids = redis.call('ZRANGEBYSCORE', tag .. ':x', '-inf', string.format('%.0f', now), 'LIMIT', 0, 200)
  for _, id in ipairs(ids) do
    local held = read_reservation(id)
    settle(id, { outcome = 'unknown', first_byte = -1, ended = held and held.till or now })
  end
end

-- The vendor begins to see the call when it is sent: what it took moves there.
local function move_to(id, sent_at)
  local held = read_reservation(id)
  if not held or held.at == sent_at then
    return
  end
  local seat = seat_of(held.account, held.class)
  if not seat then
    return
  end
  for index = 1, ITPM do
    local cost = held.cost[index]
    if cost > 0 then
      local taken = { at = held.at, cost = cost, ended = now }
      replace(seat, index, taken, 0)
      replace_in_second(seat, index, taken, 0)
      take(seat, index, sent_at, cost)
    end
  end
  held.at = sent_at
  write_reservation(id, held)
end
