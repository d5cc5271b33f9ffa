-- Whether Redis runs scripts and takes writes, as the others need it.
redis.call('SET', KEYS[1], ARGV[1], 'PX', 5000)
return 1
