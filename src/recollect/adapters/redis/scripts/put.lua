-- Puts a whole state in place of what is held, unless that is as new, or newer, and was put there meanwhile.
-- ARGV: the version that was held when the state was read ('' for none), its version, when it was used, the time and how
-- long keys stay (ms), when working, context, thoughts and sensed fade (ms); then for each element its key's number,
-- its field or score ('' in a list), and itself.

local seen, version, used_at, now_ms, keep_ms = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local held = redis.call('HMGET', KEYS[META], 'version', 'floor')
if held[2] and (held[2] == 'gone' or (tonumber(held[2]) or 0) > tonumber(version)) then return 0 end
if held[1] and held[1] ~= seen and (tonumber(held[1]) or 0) >= tonumber(version) then return 0 end

need_room()
redis.call('UNLINK', unpack(KEYS))
local untils = {}
for number, place in ipairs(FADES) do untils[place] = tonumber(ARGV[5 + number]) end
for first = 10, #ARGV, 3 do
  local place, field, element = tonumber(ARGV[first]), ARGV[first + 1], ARGV[first + 2]
  if COUNT[place] == 'HLEN' then
    redis.call('HSET', KEYS[place], field, element)
  elseif COUNT[place] == 'ZCARD' then
    redis.call('ZADD', KEYS[place], field, element)
  else
    redis.call('RPUSH', KEYS[place], element)
  end
end
return seal(version, used_at, untils, now_ms, keep_ms)
