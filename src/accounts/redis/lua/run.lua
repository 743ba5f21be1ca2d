-- The epoch names one unbroken memory: its id, and a number that grows with every call. A caller that
-- knows another id or a higher number has met a server that was flushed, or came back with older data.
local function read_epoch(key)
  local epoch = redis.call('HMGET', key, 'id', 'count')
  return epoch[1], tonumber(epoch[2] or 0)
end

-- Begins a new memory unless another process just did; tells whether something was forgotten.
local function greet(key)
  local id, count = read_epoch(key)
  local went_back = id and id == input.epoch and count < input.count
  if id and not went_back then
    return id, count, false
  end
  redis.call('DEL', key)
  redis.call('HSET', key, 'id', input.fresh, 'count', 0)
  return input.fresh, 0, true
end

local function server_time()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + floor(tonumber(time[2]) / 1000)
end

local function run(keys, args)
  floor, max, min = math.floor, math.max, math.min
  tag = string.sub(keys[1], 1, -3)
  input = cjson.decode(args[1])
  -- Tests pin the time; otherwise the server's clock is the only one that counts.
  now = input.now or server_time()
  freed, freed_here, began, changed_seats, changed_accounts = false, false, false, {}, {}
  freed_pools, full_pools = {}, {}
  local id, count
  if input.fresh then
    id, count, began = greet(keys[1])
  else
    id, count = read_epoch(keys[1])
    if not id or id ~= input.epoch or count < input.count then
      return cjson.encode({ now = now, lost = true })
    end
  end
  open_memory(id, count)
  settle_overdue()
  local answers = {}
  for place, op in ipairs(input.ops) do
    answers[place] = operations[op.op](op)
  end
  save_all()
  if freed or freed_here then
    redis.call('PUBLISH', tag .. ':freed', freed_here and 'all' or 'not ' .. input.from)
  else
    wake_next()
  end
  local reached = redis.call('HINCRBY', keys[1], 'count', 1)
  memory.count = reached
  return cjson.encode({ now = now, epoch = id, count = reached, began = began, answers = answers })
end

redis.register_function(library, run)
