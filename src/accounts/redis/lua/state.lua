-- One library, joined from these files in the order of load-library.ts. It is the embedded limiter's
-- arithmetic on state that processes share; the differential test compares both, decision by decision.
-- Plain commands only, so that Redis 7 and Valkey run it alike.

-- Dimensions in the order of `limitDimensions`; a limit of -1 is unlimited, -2 unknown.
local RPM, RPD, TPM, ITPM, OTPM, CONCURRENCY = 1, 2, 3, 4, 5, 6
local UNLIMITED, UNKNOWN = -1, -2
local names = { 'rpm', 'rpd', 'tpm', 'itpm', 'otpm', 'concurrency' }
-- A wait that ends when calls end.
local RELEASE = -1
local NEVER = 1 / 0
-- Set by run.lua: while a library is loaded, Redis 7.0 shows it no `math`.
local floor, max, min

-- Of the call at hand; see run.lua. Every key begins with the tag, so all of them lie in one slot.
local tag, input, now
-- Whether calls of other processes may fit earlier than they were told.
local freed
-- Pools of which something was given back, and those in which a call found no room after that.
local freed_pools, full_pools
-- Whether those of this process may, too.
local freed_here
-- Whether this call began a new memory.
local began
-- What this call has changed and must write.
local changed_seats, changed_accounts

-- Decoding a hundred accounts anew for every call would cost ten times what the choice itself costs, so the
-- library remembers, per tag, what it last read or wrote. The keys stay the truth: run.lua takes a memory
-- only if the scope's counter, which every call raises, is the one at which this memory was left. Another
-- library version, a replica that took over, a server that was flushed: all of them raise or lose it.
local memories, remembered = {}, 0
local MOST_REMEMBERED = 256
local memory

local function open_memory(id, count)
  memory = memories[tag]
  if not memory or memory.id ~= id or memory.count ~= count then
    if not memory then
      remembered = remembered + 1
      if remembered > MOST_REMEMBERED then
        memories, remembered = {}, 1
      end
    end
    memory = { id = id, accounts = {}, seats = {}, pools = {} }
    memories[tag] = memory
  end
  -- A call that breaks off half-way leaves a memory that nobody takes.
  memory.count = -1
end

local function change_seat(seat)
  if not seat.changed then
    seat.changed = true
    changed_seats[#changed_seats + 1] = seat
  end
end

local function change_account(account)
  if not account.changed then
    account.changed = true
    changed_accounts[#changed_accounts + 1] = account
  end
end

local function account_of(id)
  local known = memory.accounts[id]
  if known == nil then
    local raw = redis.call('HGET', tag .. ':a', id)
    known = raw and cmsgpack.unpack(raw)
    if known then
      known.id = id
    end
    memory.accounts[id] = known
  end
  return known
end

local function effective(bucket)
  for index = 1, 6 do
    local stated, seen = bucket.conf[index], bucket.obs[index]
    if seen == UNKNOWN then
      bucket.lim[index] = stated
    elseif stated < 0 then
      bucket.lim[index] = seen
    else
      bucket.lim[index] = min(seen, stated)
    end
  end
end

local function new_bucket()
  return {
    conf = { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN },
    obs = { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN },
    lim = { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN },
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
    -- Per dimension: what was inferred, and whether answers state what remains.
    learned = { false, false, false, false, false, false },
    stated = { false, false, false, false, false, false },
    foreign = {},
    -- How far use may have grown, when that was last looked at, and the most that counted since.
    ceiling = 0,
    climbed = 0,
    peak = 0,
  }
end

local function read_bucket(key)
  local raw = redis.call('HGET', tag .. ':b', key)
  if not raw then
    return nil
  end
  local bucket = cmsgpack.unpack(raw)
  bucket.lim = {}
  effective(bucket)
  return bucket
end

-- A seat is a candidate, looked up: its account `a`, its bucket `b`, its windows, and the bucket's key.
local function seat_of(id, class)
  local key = id .. '\n' .. class
  local known = memory.seats[key]
  if known then
    return known
  end
  local account = account_of(id)
  if not account then
    return nil
  end
  local seat = { a = account, id = id, class = class, key = key, b = read_bucket(key), windows = {} }
  if not seat.b then
    seat.b = new_bucket()
    seat.b.ceiling = account.ramp and account.ramp.above or 0
    change_seat(seat)
    account.classes[#account.classes + 1] = class
    change_account(account)
  end
  memory.seats[key] = seat
  return seat
end

local function save_all()
  for _, seat in ipairs(changed_seats) do
    seat.changed = nil
    -- What follows from the rest is not written.
    local limits = seat.b.lim
    seat.b.lim = nil
    redis.call('HSET', tag .. ':b', seat.key, cmsgpack.pack(seat.b))
    seat.b.lim = limits
  end
  for _, account in ipairs(changed_accounts) do
    account.changed = nil
    redis.call('HSET', tag .. ':a', account.id, cmsgpack.pack(account))
  end
end
