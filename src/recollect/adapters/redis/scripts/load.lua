-- Everything that is held of a user, as it is at one moment.
return {
  redis.call('HGETALL', KEYS[1]),
  redis.call('HGETALL', KEYS[2]),
  redis.call('HGETALL', KEYS[3]),
  redis.call('ZRANGE', KEYS[4], 0, -1),
  redis.call('LRANGE', KEYS[5], 0, -1),
  redis.call('HVALS', KEYS[6]),
  redis.call('LRANGE', KEYS[7], 0, -1),
  redis.call('LRANGE', KEYS[8], 0, -1),
  redis.call('LRANGE', KEYS[9], 0, -1),
}
