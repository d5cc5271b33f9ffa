-- Everything that is held of a user, as it is at one moment; as two strings, because a client reads those faster than
-- two hundred: how long each element of each key is ("3 5;2;..."), and all elements one behind the other.

local lengths, elements = {}, {}
local function take(flat)
  local own = {}
  for place, element in ipairs(flat) do
    own[place] = #element
    elements[#elements + 1] = element
  end
  lengths[#lengths + 1] = table.concat(own, ' ')
end

take(redis.call('HGETALL', KEYS[1]))
take(redis.call('HGETALL', KEYS[2]))
take(redis.call('HGETALL', KEYS[3]))
take(redis.call('ZRANGE', KEYS[4], 0, -1))
take(redis.call('LRANGE', KEYS[5], 0, -1))
take(redis.call('HVALS', KEYS[6]))
take(redis.call('LRANGE', KEYS[7], 0, -1))
take(redis.call('LRANGE', KEYS[8], 0, -1))
take(redis.call('LRANGE', KEYS[9], 0, -1))
return {table.concat(lengths, ';'), table.concat(elements)}
