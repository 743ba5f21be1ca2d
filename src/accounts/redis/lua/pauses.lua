-- Pauses of an account: class and dimension as '' and 0 where they concern all; an end of -1 is none.
local function end_of(pause)
  return pause.till == -1 and NEVER or pause.till
end

-- A guess that ran out is not: it ends when a call succeeds.
local function is_over(pause)
  return pause.stated and end_of(pause) <= now
end

local function add_pause(account, added)
  local kept = {}
  added.since = now
  for _, held in ipairs(account.pauses) do
    local over = is_over(held)
    local same = held.class == added.class and held.dim == added.dim
    if same and not over then
      local replaces_guess = not held.stated and added.stated
      if not replaces_guess and end_of(held) > end_of(added) then
        added.till = held.till
      end
      if not replaces_guess and held.stated then
        added.stated = true
      end
    elseif not over then
      kept[#kept + 1] = held
    end
  end
  kept[#kept + 1] = added
  account.pauses = kept
  change_account(account)
end

local function keep_pauses(account, test)
  local kept = {}
  for _, pause in ipairs(account.pauses) do
    if test(pause) then
      kept[#kept + 1] = pause
    end
  end
  if #kept < #account.pauses then
    account.pauses = kept
    change_account(account)
    freed = true
  end
end

-- A call sent after a guessed pause began has succeeded: the guess is over.
local function end_guesses(account, class, sent_at)
  keep_pauses(account, function(pause)
    return pause.stated or pause.since > sent_at or (pause.class ~= '' and pause.class ~= class)
  end)
end

-- How long calls of these amounts are held back, and why.
local function paused_for(seat, amounts)
  local wait, reason = 0, false
  for _, pause in ipairs(seat.a.pauses) do
    local concerns = (pause.class == '' or pause.class == seat.class)
      and (pause.dim == 0 or amounts[pause.dim] > 0)
    if concerns then
      local left = end_of(pause) - now
      if left > wait then
        wait, reason = left, pause.reason
      elseif left <= 0 and not pause.stated and wait == 0 then
        -- A guess that ran out is tried with one call, not with all that wait.
        local out = pause.class == '' and seat.a.calls or seat.b.calls
        if out > 0 then
          wait, reason = RELEASE, pause.reason
        end
      end
    end
  end
  return wait, reason
end
