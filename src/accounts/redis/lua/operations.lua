local operations = {}

local function picture_of(seat)
  local limits, used = {}, {}
  for index = 1, 6 do
    limits[index] = bound_of(seat, index) or -1
    used[index] = used_of(seat, index)
  end
  local refill = refill_of(seat)
  return { seat.id, seat.class, limits, used, seat.a.calls, refill == NEVER and -1 or refill }
end

-- The candidates of a pool, under a name that follows from what they are.
function operations.pool(op)
  local pool = { seats = {}, ranks = op.ranks, turns = {} }
  for place = 1, #op.seats / 2 do
    local seat = seat_of(op.seats[2 * place - 1], op.seats[2 * place])
    pool.seats[place] = seat or false
    if seat then
      seat.pools = seat.pools or {}
      seat.pools[op.name] = pool
    end
  end
  memory.pools[op.name] = pool
  return true
end

function operations.reserve(op)
  local pool = memory.pools[op.pool]
  if not pool then
    return { 'pool' }
  end
  local seat, share, refusal = choose(op, pool)
  if not seat then
    full_pools[pool] = true
    -- A pause ends for all at once.
    if refusal.wait ~= NEVER and refusal.by ~= 0 then
      refusal.wait = take_turn(pool, op.cost, refusal.wait)
    end
    return refuse(refusal)
  end
  hold(op.id, seat, {
    account = seat.id,
    class = seat.class,
    cost = op.cost,
    at = now,
    till = now + op.ttl,
  })
  return { 'granted', seat.id, share, picture_of(seat) }
end

-- What was granted while the server was away, or before it forgot: taken whether or not it fits.
function operations.adopt(op)
  local seat = seat_of(op.account, op.class)
  if not seat or read_reservation(op.id) then
    return true
  end
  hold(op.id, seat, {
    account = op.account,
    class = op.class,
    cost = op.cost,
    at = now - op.age,
    till = now + op.ttl,
  })
  return true
end

function operations.sent(op)
  move_to(op.id, now - op.age)
  return true
end

function operations.settle(op)
  op.ended = now - op.age
  settle(op.id, op)
  return true
end

local function take_limits(seat, seen, sent_at)
  seat.b.seen = sent_at
  for _, each in ipairs(seen) do
    local index = each[1]
    if each[4] then
      seat.b.stated[index] = true
    end
    -- Answers that state what remains know their limit better than a list of limits: that may only lower it.
    local listed = not each[4] and seat.b.stated[index] and seat.b.obs[index] ~= UNKNOWN
    if each[2] > 0 and not (listed and each[2] > seat.b.obs[index]) then
      -- The same number again says nothing of what refusals taught, unless what remains comes with it.
      local unlearns = each[4] or seat.b.obs[index] ~= each[2]
      freed_here = freed_here or seat.b.obs[index] ~= each[2] or (unlearns and seat.b.learned[index] ~= false)
      seat.b.obs[index] = each[2]
      seat.b.learned[index] = not unlearns and seat.b.learned[index]
    end
  end
  effective(seat.b)
  change_seat(seat)
end

function operations.correct(op)
  local seat = seat_of(op.account, op.class)
  local sent_at, seen_at = now - op.age, now - op.seen_age
  -- Answers overtake each other: what an older one found was counted by the newer one.
  if not seat or seen_at < seat.b.seen then
    return true
  end
  if sent_at >= seat.b.seen then
    take_limits(seat, op.seen, sent_at)
  end
  for _, seen in ipairs(op.seen) do
    local index, remaining = seen[1], seen[3]
    local limit = bound_of(seat, index)
    if seen[4] and limit then
      local left = limit - most_used(seat, index, sent_at, seen_at)
      -- Somebody else uses the account, or it counts differently than we do.
      local foreign = min(limit, left - max(0, remaining))
      if foreign > 0 then
        count(seat, index, sent_at, foreign)
        count_foreign(seat, index, sent_at, foreign)
      end
    end
  end
  return true
end

function operations.pause(op)
  local account = account_of(op.account)
  if not account then
    return true
  end
  local till = op.left == -1 and -1 or now + op.left
  add_pause(account, { class = op.class, dim = op.dim, till = till, stated = op.stated, reason = op.reason })
  if op.class ~= '' then
    local seat = seat_of(op.account, op.class)
    seat.b.careful = math.max(1, math.floor(seat.b.careful / 2))
    change_seat(seat)
  end
  return true
end

-- Whoever says that an account is well again says so of what its refusals taught, too.
local function unlearn(id, class)
  local seat = seat_of(id, class)
  if seat then
    for index = 1, 6 do
      freed_here = freed_here or seat.b.learned[index] ~= false
      seat.b.learned[index] = false
    end
    change_seat(seat)
  end
end

function operations.clear(op)
  local account = account_of(op.account)
  if account then
    keep_pauses(account, function(pause)
      return op.class ~= '' and pause.class ~= op.class
    end)
    for _, class in ipairs(account.classes) do
      if op.class == '' or class == op.class then
        unlearn(op.account, class)
      end
    end
  end
  return true
end

local function forget(id)
  local account = account_of(id)
  if not account then
    return
  end
  for _, class in ipairs(account.classes) do
    local seat = { id = id, class = class, key = id .. '\n' .. class }
    for w = 1, 8 do
      redis.call('DEL', window_key(seat, w))
    end
    redis.call('HDEL', tag .. ':b', seat.key)
    memory.seats[seat.key] = nil
  end
  redis.call('HDEL', tag .. ':a', id)
  memory.accounts[id] = nil
end

-- New limits and state; the windows stay, for the vendor does not forget either.
function operations.configure(op)
  memory.pools = {}
  for _, seat in pairs(memory.seats) do
    seat.pools = nil
  end
  for _, spec in ipairs(op.accounts) do
    if spec.anew then
      forget(spec.id)
    end
    local account = account_of(spec.id)
    if not account then
      account = { id = spec.id, classes = {}, pauses = {}, recent = new_recent(), calls = 0, guard = 500 }
      memory.accounts[spec.id] = account
    end
    -- Of a version that kept them otherwise.
    account.recent = account.recent.count and account.recent or new_recent()
    account.usable, account.per, account.zone = spec.usable, spec.per, spec.zone
    account.weight, account.price = spec.weight, spec.price
    account.ramp = spec.ramp or false
    account.fixed = spec.guard ~= nil
    account.guard = spec.guard or account.guard
    change_account(account)
    local rules = {}
    for _, rule in ipairs(spec.rules) do
      rules[rule[1]] = rule[2]
      seat_of(spec.id, rule[1])
    end
    for _, class in ipairs(account.classes) do
      local seat = seat_of(spec.id, class)
      seat.b.conf = rules[class] or new_bucket().conf
      effective(seat.b)
      change_seat(seat)
    end
  end
  freed = true
  return true
end

-- What nobody accounts for any more counts as spent: a minute's worth in every window.
local function count_unaccounted(seat)
  for index = RPM, OTPM do
    local limit = bound_of(seat, index)
    if limit then
      local most = limit
      if index == RPD then
        most = bound_of(seat, RPM) or math.ceil(limit / 1440)
      end
      local amount = math.min(limit - used_of(seat, index), most)
      if amount > 0 then
        count(seat, index, now, amount)
      end
    end
  end
end

-- After a flush, for all accounts of this process, by whoever meets it first: what is still known of the
-- day, then a minute. Calls that are out are adopted by their processes at the next beat; until then all wait.
function operations.unaccounted(op)
  if not began then
    return true
  end
  for _, known in ipairs(op.days) do
    local seat = seat_of(known[1], known[2])
    if seat and used_of(seat, RPD) < known[3] then
      count(seat, RPD, now, known[3] - used_of(seat, RPD))
    end
  end
  for _, id in ipairs(op.accounts) do
    local account = account_of(id)
    for _, class in ipairs(account and account.classes or {}) do
      count_unaccounted(seat_of(id, class))
    end
    if account and op.pause > 0 then
      local till = now + op.pause
      add_pause(account, { class = '', dim = 0, till = till, stated = true, reason = 'limiter_flushed' })
    end
  end
  return true
end

-- A replica is alive, and sees how many are, and what is left everywhere.
function operations.beat(op)
  redis.call('ZADD', tag .. ':p', string.format('%.0f', now + op.ttl), op.id)
  redis.call('ZREMRANGEBYSCORE', tag .. ':p', '-inf', string.format('%.0f', now))
  local shown, paused = {}, {}
  for _, id in ipairs(op.accounts) do
    local account = account_of(id)
    for _, class in ipairs(account and account.classes or {}) do
      local seat = seat_of(id, class)
      local picture = picture_of(seat)
      picture[7] = foreign_of(seat)
      shown[#shown + 1] = picture
    end
    for _, pause in ipairs(account and account.pauses or {}) do
      if not is_over(pause) then
        paused[#paused + 1] = { id, pause.class, pause.dim, pause.till, pause.stated, pause.reason }
      end
    end
  end
  return { redis.call('ZCARD', tag .. ':p'), shown, paused }
end

function operations.leave(op)
  redis.call('ZREM', tag .. ':p', op.id)
  return true
end
