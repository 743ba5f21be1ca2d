-- One script, joined from these files in the order of load-script.ts. It is the embedded limiter's
-- arithmetic on state that processes share; the differential test compares both, decision by decision.
-- Plain commands only, so that Redis 7 and Valkey run it alike.

-- Dimensions in the order of `limitDimensions`; a limit of -1 is unlimited, -2 unknown.
local RPM, RPD, TPM, ITPM, OTPM, CONCURRENCY = 1, 2, 3, 4, 5, 6
local UNLIMITED, UNKNOWN = -1, -2
local names = { 'rpm', 'rpd', 'tpm', 'itpm', 'otpm', 'concurrency' }
-- A wait that ends when calls end.
local RELEASE = -1
local NEVER = math.huge

-- Every key begins with the tag, so all of them lie in one slot and one call reaches them.
local tag = string.sub(KEYS[1], 1, -3)
local input = cjson.decode(ARGV[1])

local function server_time()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Tests pin the time; otherwise the server's clock is the only one that counts.
local now = input.now or server_time()

local accounts, buckets = {}, {}
-- Whether calls of other processes may fit earlier than they were told.
local freed = false
-- Whether this call began a new memory; see run.lua.
local began = false

local function load_all(key, ids, into)
  local missing = {}
  for _, id in ipairs(ids) do
    if into[id] == nil then
      into[id] = false
      missing[#missing + 1] = id
    end
  end
  -- Lua's stack bounds how many arguments one call may have.
  for first = 1, #missing, 1000 do
    local last = math.min(first + 999, #missing)
    local found = redis.call('HMGET', key, unpack(missing, first, last))
    for place, raw in ipairs(found) do
      if raw then
        into[missing[first + place - 1]] = cmsgpack.unpack(raw)
      end
    end
  end
end

local function account_of(id)
  if accounts[id] == nil then
    load_all(tag .. ':a', { id }, accounts)
  end
  return accounts[id]
end

local function effective(bucket)
  for index = 1, 6 do
    local stated, seen = bucket.conf[index], bucket.obs[index]
    if seen == UNKNOWN then
      bucket.lim[index] = stated
    elseif stated < 0 then
      bucket.lim[index] = seen
    else
      bucket.lim[index] = math.min(seen, stated)
    end
  end
end

local function new_bucket()
  return {
    conf = { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN },
    obs = { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN },
    lim = { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN },
    -- Per window: what is in it, its first and its last cell.
    tot = { 0, 0, 0, 0, 0, 0, 0, 0 },
    old = { 0, 0, 0, 0, 0, 0, 0, 0 },
    new = { 0, 0, 0, 0, 0, 0, 0, 0 },
    -- Output and slots that are held until their calls end.
    held = 0,
    slots = 0,
    today = 0,
    tomorrow = 0,
    reset = 0,
    calls = 0,
    careful = 8,
    hold = 1000,
    seen = 0,
  }
end

-- A seat is a candidate, looked up: its account `a`, its bucket `b`, and the bucket's key.
local seats = {}
local function seat_of(id, class)
  local key = id .. '\n' .. class
  local known = seats[key]
  if known then
    return known
  end
  local account = account_of(id)
  if not account then
    return nil
  end
  if buckets[key] == nil then
    load_all(tag .. ':b', { key }, buckets)
  end
  local seat = { a = account, id = id, class = class, key = key, b = buckets[key] }
  if not seat.b then
    seat.b = new_bucket()
    seat.dirty = true
    account.classes[#account.classes + 1] = class
    account.dirty = true
  end
  seats[key] = seat
  return seat
end

-- Reads what a choice among many needs in two commands.
local function preload(pairs_of)
  local ids, keys = {}, {}
  for place = 1, #pairs_of, 2 do
    ids[#ids + 1] = pairs_of[place]
    keys[#keys + 1] = pairs_of[place] .. '\n' .. pairs_of[place + 1]
  end
  load_all(tag .. ':a', ids, accounts)
  load_all(tag .. ':b', keys, buckets)
end

local function save_all()
  for _, seat in pairs(seats) do
    if seat.dirty then
      redis.call('HSET', tag .. ':b', seat.key, cmsgpack.pack(seat.b))
    end
  end
  for id, account in pairs(accounts) do
    if account and account.dirty then
      account.dirty = nil
      redis.call('HSET', tag .. ':a', id, cmsgpack.pack(account))
    end
  end
end
