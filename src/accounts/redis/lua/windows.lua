-- Sliding windows: one hash each, cell to amount. Windows 1 to 5 are those of the dimensions, 7 and 8 the
-- seconds of rpm and tpm. A window is read once and then remembered; what it holds follows from its cells.
local period = { 60000, 86400000, 60000, 60000, 60000, 0, 1000, 1000 }
local cell_ms = { 100, 60000, 100, 100, 100, 0, 10, 10 }
local most_guard = { 500, 500, 500, 500, 500, 0, 100, 100 }
-- The window of seconds that belongs to a dimension.
local second_of = { [RPM] = 7, [TPM] = 8 }

local function life(seat, w)
  return period[w] + min(seat.a.guard, most_guard[w])
end

local function window_key(seat, w)
  return tag .. ':w:' .. w .. ':' .. seat.key
end

local function whole(number)
  return string.format('%.0f', number)
end

-- `order` has its cells in ascending order: those that count begin at `head`, those before are remembered
-- as long again, for `most_used`.
local function read_window(seat, w)
  local window = { cells = {}, order = {}, head = 1, total = 0, first = 0, newest = 0 }
  local stored = redis.call('HGETALL', window_key(seat, w))
  for place = 1, #stored, 2 do
    local cell, amount = tonumber(stored[place]), tonumber(stored[place + 1])
    window.cells[cell] = amount
    window.order[#window.order + 1] = cell
    window.total = window.total + amount
    window.newest = max(window.newest, cell)
  end
  table.sort(window.order)
  return window
end

-- A server whose clock was set back would keep what lies in its future for as long: it counts as spent now.
local function collapse(seat, w, cell)
  local window, key = seat.windows[w], window_key(seat, w)
  redis.call('DEL', key)
  redis.call('HSET', key, whole(cell), whole(window.total))
  redis.call('PEXPIRE', key, 2 * period[w] + 60000)
  window.cells, window.order, window.head = { [cell] = window.total }, { cell }, 1
  window.first, window.newest = cell, cell
end

-- The window as of now.
local function expire(seat, w)
  local window = seat.windows[w]
  if not window then
    window = read_window(seat, w)
    seat.windows[w] = window
  end
  -- Admission asks many times at one instant, and nothing expires in between.
  if window.at == now and window.guard == seat.a.guard then
    return window
  end
  window.at, window.guard = now, seat.a.guard
  local current = floor(now / cell_ms[w])
  if current < window.newest - 1 then
    collapse(seat, w, current)
  end
  local first = floor((now - life(seat, w)) / cell_ms[w])
  if first <= window.first then
    return window
  end
  window.first = first
  local cells, order, head = window.cells, window.order, window.head
  while order[head] and order[head] < first do
    window.total = window.total - cells[order[head]]
    head = head + 1
  end
  window.head = head
  return window
end

-- Forgets the cells that no question reaches any more.
local function purge(seat, w)
  local window = seat.windows[w]
  local keep = window.first - floor(period[w] / cell_ms[w]) - 8
  local order, gone = window.order, {}
  while order[#gone + 1] and order[#gone + 1] < keep do
    gone[#gone + 1] = order[#gone + 1]
  end
  -- In one go, for the list is moved up each time.
  if #gone < 64 then
    return
  end
  local kept = {}
  for place = #gone + 1, #order do
    kept[#kept + 1] = order[place]
  end
  window.order, window.head = kept, window.head - #gone
  for first = 1, #gone, 1000 do
    local names_of = {}
    for place = first, min(first + 999, #gone) do
      window.cells[gone[place]] = nil
      names_of[#names_of + 1] = whole(gone[place])
    end
    redis.call('HDEL', window_key(seat, w), unpack(names_of))
  end
end

-- In its place among the cells: at the end, but for what happened a moment ago.
local function insert(window, cell)
  local order = window.order
  local place = #order + 1
  while place > 1 and order[place - 1] > cell do
    place = place - 1
  end
  table.insert(order, place, cell)
end

-- `false`: that time has left the window.
local function add(seat, w, at, amount)
  local window = expire(seat, w)
  local cell = floor(at / cell_ms[w])
  if cell < window.first then
    return false
  end
  if amount == 0 then
    return true
  end
  local place = min(cell, max(window.newest, floor(now / cell_ms[w])))
  redis.call('HINCRBY', window_key(seat, w), whole(place), whole(amount))
  if window.cells[place] then
    window.cells[place] = window.cells[place] + amount
  else
    window.cells[place] = amount
    insert(window, place)
  end
  window.total = window.total + amount
  if place > window.newest then
    window.newest = place
    redis.call('PEXPIRE', window_key(seat, w), 2 * period[w] + 60000)
    purge(seat, w)
  end
  return true
end

local function used_in(seat, w)
  return expire(seat, w).total
end

-- Milliseconds until at most `at_most` is used, if nothing more is spent.
local function wait_until(seat, w, at_most)
  local window = expire(seat, w)
  local left = window.total
  if left <= at_most then
    return 0
  end
  if at_most < 0 then
    return NEVER
  end
  for place = window.head, #window.order do
    local cell = window.order[place]
    left = left - window.cells[cell]
    if left <= at_most then
      return max(0, (cell + 1) * cell_ms[w] + life(seat, w) - now)
    end
  end
  return NEVER
end

-- Milliseconds until the first of what is in it leaves; 0 where nothing is.
local function first_leaves_in(seat, w)
  local window = expire(seat, w)
  if window.total <= 0 then
    return 0
  end
  for place = window.head, #window.order do
    local cell = window.order[place]
    if window.cells[cell] ~= 0 then
      return max(0, (cell + 1) * cell_ms[w] + life(seat, w) - now)
    end
  end
  return 0
end

-- The most that was in it at any moment between; NEVER where the first of them has left the window.
local function most_used_in(seat, w, from, to)
  local window = expire(seat, w)
  local cells, size = window.cells, cell_ms[w]
  local current = floor(now / size)
  local first, last = floor(from / size), min(floor(to / size), current)
  if first < window.first then
    return NEVER
  end
  local span = math.ceil(life(seat, w) / size)
  local used = window.total
  for cell = current - span, window.first - 1 do
    used = used + (cells[cell] or 0)
  end
  local most = 0
  for cell = current, first, -1 do
    if cell <= last then
      most = max(most, used)
    end
    used = used + (cells[cell - 1 - span] or 0) - (cells[cell] or 0)
  end
  return most
end
