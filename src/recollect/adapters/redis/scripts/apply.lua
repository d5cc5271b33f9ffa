-- Leads what is held from one version to the next; what is at any other version is dropped, unless it is newer.
-- ARGV: the version before ('' for whatever is held: only trims), the one after, when it was used ('' if that is as
-- before), the time, before which what has faded is let go, and how long keys stay (ms); how many there may be of
-- working, context, thoughts, sensed, of recent, and of sensed tokens; how long a floor stays (ms);
-- then for each write: its key's number, what its element has behind its head (',"name":...,"at":'), its field or
-- score, and the element itself, '' to remove it.

local before, version, used_at = ARGV[1], ARGV[2], ARGV[3]
local now_ms, old_ms, keep_ms = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local most = {[4] = tonumber(ARGV[7]), [6] = tonumber(ARGV[8]), [7] = tonumber(ARGV[9]), [8] = tonumber(ARGV[10])}
local most_recent, most_tokens, floor_ms = tonumber(ARGV[11]), tonumber(ARGV[12]), ARGV[13]

local held = redis.call('HGET', KEYS[META], 'version')
if before == '' then
  if not held then return 0 end
  version = held
elseif held ~= before then
  if not held or (tonumber(held) or 0) >= tonumber(version) then return 0 end
  return drop(version, floor_ms)
end

-- What went missing meanwhile must not pass for what is there.
for place = 2, #KEYS do
  local sealed = redis.call('HMGET', KEYS[META], 'size:' .. place, 'until:' .. place)
  local size, fades = redis.call(COUNT[place], KEYS[place]), tonumber(sealed[2] or '')
  local faded = size == 0 and fades and fades <= now_ms
  if size ~= tonumber(sealed[1] or '') and not faded then return drop(version, floor_ms) end
end
need_room()
redis.call('HDEL', KEYS[META], 'version') -- should anything below fail, then nothing is held

local writes, recent = {}, {}
for first = 14, #ARGV, 4 do
  local place = tonumber(ARGV[first])
  if place == RECENT then
    recent[#recent + 1] = ARGV[first + 3]
  else
    writes[place] = writes[place] or {}
    table.insert(writes[place], {probe = ARGV[first + 1], field = ARGV[first + 2], element = ARGV[first + 3]})
  end
end

-- What a key holds, as {element, field}.
local function elements(place)
  local found = {}
  if place == CONTEXT then
    local flat = redis.call('HGETALL', KEYS[place])
    for first = 1, #flat, 2 do found[#found + 1] = {flat[first + 1], flat[first]} end
    return found
  end
  local flat = place == WORKING and redis.call('ZRANGE', KEYS[place], 0, -1) or redis.call('LRANGE', KEYS[place], 0, -1)
  for _, element in ipairs(flat) do found[#found + 1] = {element} end
  return found
end

-- Lets an element go from a ZSET or a HASH; a LIST is written anew.
local function let_go(place, element, field)
  if place == WORKING then redis.call('ZREM', KEYS[place], element) end
  if place == CONTEXT then redis.call('HDEL', KEYS[place], field) end
end

-- An element begins {"until":<ms>,"tokens":<n>,"name":<JSON>,"at": so that nothing here has to read JSON.
local function head(element)
  local _, ends, fades, tokens = string.find(element, '^{"until":(%d+),"tokens":(%d+)')
  return ends, tonumber(fades), tonumber(tokens)
end

-- Lets go of what has faded, or is written below; gives what stays, and whether anything went.
local function staying(place)
  local kept, gone = {}, false
  for _, one in ipairs(elements(place)) do
    local ends, fades = head(one[1])
    local stays = fades > old_ms
    for _, write in ipairs(writes[place] or {}) do
      stays = stays and string.sub(one[1], ends + 1, ends + #write.probe) ~= write.probe
    end
    if stays then
      kept[#kept + 1] = one[1]
    else
      gone = true
      let_go(place, one[1], one[2])
    end
  end
  return kept, gone
end

local untils = {}
for _, place in ipairs(FADES) do
  local kept, changed = staying(place)
  for _, write in ipairs(writes[place] or {}) do
    if write.element ~= '' then
      changed = true
      kept[#kept + 1] = write.element
      if place == WORKING then redis.call('ZADD', KEYS[place], write.field, write.element) end
      if place == CONTEXT then redis.call('HSET', KEYS[place], write.field, write.element) end
    end
  end
  local tokens, latest = 0, 0
  for _, element in ipairs(kept) do
    local _, fades, size = head(element)
    tokens, latest = tokens + size, math.max(latest, fades)
  end
  -- More than there may be: the truth has let some go that it did not name, so this is not exact.
  if #kept > most[place] or (place == SENSED and tokens > most_tokens) then return drop(version, floor_ms) end
  if changed and COUNT[place] == 'LLEN' then
    redis.call('DEL', KEYS[place])
    for _, element in ipairs(kept) do redis.call('RPUSH', KEYS[place], element) end
  end
  untils[place] = latest
end

if #recent > 0 then -- the newest first, and as many as there may be
  local known = {}
  for _, id in ipairs(redis.call('LRANGE', KEYS[RECENT], 0, -1)) do known[id] = true end
  for _, id in ipairs(recent) do known[id] = true end
  local ids = {}
  for id in pairs(known) do ids[#ids + 1] = id end
  table.sort(ids, function(one, other) return one > other end)
  redis.call('DEL', KEYS[RECENT])
  for place = 1, math.min(#ids, most_recent) do redis.call('RPUSH', KEYS[RECENT], ids[place]) end
end

if used_at == '' then used_at = redis.call('HGET', KEYS[META], 'used_at') or '' end
return seal(version, used_at, untils, now_ms, keep_ms)
