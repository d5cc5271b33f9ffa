-- Shared by the scripts that write: what the keys are, how large, and how long they stay.
-- KEYS: meta, identity, session, working, recent, context, thoughts, sensed, goals (keys.py).

local META, WORKING, RECENT, CONTEXT, SENSED = 1, 4, 5, 6, 8
local COUNT = {nil, 'HLEN', 'HLEN', 'ZCARD', 'LLEN', 'HLEN', 'LLEN', 'LLEN', 'LLEN'}
local FADES = {4, 6, 7, 8}

local function plain(number) return string.format('%.0f', number) end

-- To be called before anything else is written: a full Redis refuses the first write of a script, and no other.
local function need_room() redis.call('HSET', KEYS[META], 'version', '') end

-- Drops everything; states older than `floor` are not to be put here for a while, 'gone': none at all.
local function drop(floor, floor_ms)
  redis.call('UNLINK', unpack(KEYS))
  if floor ~= '' then
    redis.pcall('HSET', KEYS[META], 'floor', floor) -- refused by a full Redis, which has dropped the keys all the same
    redis.pcall('PEXPIRE', KEYS[META], floor_ms)
  end
  return 0
end

-- Notes the version and every key's size, and sets when they go. Until then nothing was held.
-- `untils`: by key, in milliseconds, when the last of what is in it has faded.
local function seal(version, used_at, untils, now_ms, keep_ms)
  local meta = {'version', version, 'used_at', used_at}
  for place = 2, #KEYS do
    meta[#meta + 1] = 'size:' .. place
    meta[#meta + 1] = redis.call(COUNT[place], KEYS[place])
    redis.call('PEXPIRE', KEYS[place], keep_ms)
  end
  for _, place in ipairs(FADES) do
    meta[#meta + 1] = 'until:' .. place
    meta[#meta + 1] = plain(untils[place] or 0)
    redis.call('PEXPIRE', KEYS[place], plain(math.max((untils[place] or 0) - now_ms, 0) + 1000))
  end
  redis.call('HSET', KEYS[META], unpack(meta))
  redis.call('PEXPIRE', KEYS[META], keep_ms)
  return 1
end
