-- The epoch names one unbroken memory: its id, and a number that grows with every call. A caller that
-- knows another id or a higher number has met a server that was flushed, or came back with older data.
local epoch_key = KEYS[1]

local function is_lost()
  local epoch = redis.call('HMGET', epoch_key, 'id', 'count')
  if not epoch[1] then
    return true
  end
  return epoch[1] ~= input.epoch or tonumber(epoch[2]) < input.count
end

-- Begins a new memory unless another process just did; tells whether something was forgotten.
local function greet()
  local epoch = redis.call('HMGET', epoch_key, 'id', 'count')
  local went_back = epoch[1] and epoch[1] == input.epoch and tonumber(epoch[2]) < input.count
  if epoch[1] and not went_back then
    return epoch[1], false
  end
  redis.call('DEL', epoch_key)
  redis.call('HSET', epoch_key, 'id', input.fresh, 'count', 0)
  return input.fresh, true
end

local id = input.epoch
if input.fresh then
  id, began = greet()
elseif is_lost() then
  return cjson.encode({ now = now, lost = true })
end

settle_overdue()
local answers = {}
for place, op in ipairs(input.ops) do
  answers[place] = operations[op.op](op)
end
save_all()
if freed then
  redis.call('PUBLISH', tag .. ':freed', input.from)
end
local reached = redis.call('HINCRBY', epoch_key, 'count', 1)
return cjson.encode({ now = now, epoch = id, count = reached, began = began, answers = answers })
