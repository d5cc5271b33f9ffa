-- Drops all that is held of a user. ARGV: the version below which nothing may be put here for a while, 'gone' for
-- nothing at all, '' for no such floor; how long that while is (ms).

local held = redis.pcall('HMGET', KEYS[META], 'version', 'floor')
if not held.err and tonumber(ARGV[1]) then
  if held[1] and (tonumber(held[1]) or 0) >= tonumber(ARGV[1]) then return 0 end
  if held[2] == 'gone' then return drop('gone', ARGV[2]) end
end
return drop(ARGV[1], ARGV[2])
