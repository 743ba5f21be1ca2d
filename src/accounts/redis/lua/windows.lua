-- Sliding windows: one sorted set each, a member `cell:amount` per cell. Windows 1 to 5 are those of the
-- dimensions, 7 and 8 the seconds of rpm and tpm.
local period = { 60000, 86400000, 60000, 60000, 60000, 0, 1000, 1000 }
local cell_ms = { 100, 60000, 100, 100, 100, 0, 10, 10 }
local most_guard = { 500, 500, 500, 500, 500, 0, 100, 100 }
-- The window of seconds that belongs to a dimension.
local second_of = { [RPM] = 7, [TPM] = 8 }

local function life(seat, w)
  return period[w] + math.min(seat.a.guard, most_guard[w])
end

local function window_key(seat, w)
  return tag .. ':w:' .. w .. ':' .. seat.key
end

local function amount_in(member)
  return tonumber(string.match(member, ':(.+)$'))
end

local function write_cell(key, cell, amount)
  if amount ~= 0 then
    redis.call('ZADD', key, cell, string.format('%.0f:%.0f', cell, amount))
  end
end

-- A server whose clock was set back would keep what lies in its future for as long: it counts as spent now.
local function collapse(seat, w, cell)
  local key = window_key(seat, w)
  redis.call('DEL', key)
  write_cell(key, cell, seat.b.tot[w])
  seat.b.old[w], seat.b.new[w] = cell, cell
  seat.dirty = true
end

local function expire(seat, w)
  local b = seat.b
  if b.old[w] == 0 then
    return
  end
  local current = math.floor(now / cell_ms[w])
  if current < b.new[w] - 1 then
    collapse(seat, w, current)
  end
  local first = math.floor((now - life(seat, w)) / cell_ms[w])
  if first <= b.old[w] then
    return
  end
  local key = window_key(seat, w)
  seat.dirty = true
  if first > b.new[w] then
    redis.call('DEL', key)
    b.tot[w], b.old[w], b.new[w] = 0, 0, 0
    return
  end
  local before = '(' .. string.format('%.0f', first)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', key, '-inf', before)) do
    b.tot[w] = b.tot[w] - amount_in(member)
  end
  redis.call('ZREMRANGEBYSCORE', key, '-inf', before)
  local oldest = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  b.old[w] = tonumber(oldest[2]) or b.new[w]
end

-- `false`: that time has left the window.
local function add(seat, w, at, amount)
  expire(seat, w)
  local b = seat.b
  local cell = math.floor(at / cell_ms[w])
  if cell < math.floor((now - life(seat, w)) / cell_ms[w]) then
    return false
  end
  if amount == 0 then
    return true
  end
  local place = math.min(cell, math.max(b.new[w], math.floor(now / cell_ms[w])))
  local key = window_key(seat, w)
  local score = string.format('%.0f', place)
  local member = redis.call('ZRANGEBYSCORE', key, score, score)[1]
  local sum = amount
  if member then
    sum = sum + amount_in(member)
    redis.call('ZREM', key, member)
  end
  write_cell(key, score, sum)
  b.tot[w] = b.tot[w] + amount
  if place > b.new[w] or b.old[w] == 0 then
    b.new[w] = math.max(place, b.new[w])
    redis.call('PEXPIRE', key, period[w] + 60000)
  end
  if b.old[w] == 0 or place < b.old[w] then
    b.old[w] = place
  end
  seat.dirty = true
  return true
end

local function used_in(seat, w)
  expire(seat, w)
  return seat.b.tot[w]
end

-- Milliseconds until at most `at_most` is used, if nothing more is spent.
local function wait_until(seat, w, at_most)
  local left = used_in(seat, w)
  if left <= at_most then
    return 0
  end
  if at_most < 0 then
    return NEVER
  end
  local key, from = window_key(seat, w), 0
  while true do
    -- Most often a few cells are enough, so they are read in small pieces.
    local members = redis.call('ZRANGE', key, from, from + 15)
    if #members == 0 then
      return NEVER
    end
    for _, member in ipairs(members) do
      left = left - amount_in(member)
      if left <= at_most then
        local cell = tonumber(string.match(member, '^[^:]+'))
        return math.max(0, (cell + 1) * cell_ms[w] + life(seat, w) - now)
      end
    end
    from = from + 16
  end
end

-- What was spent in cells that begin after `at`.
local function used_after(seat, w, at)
  local after = '(' .. string.format('%.0f', math.floor(at / cell_ms[w]))
  local sum = 0
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', window_key(seat, w), after, '+inf')) do
    sum = sum + amount_in(member)
  end
  return sum
end
