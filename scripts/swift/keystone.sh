# Starts Debian's Keystone on loopback (SQLite, fernet tokens) and seeds it with the users that Swift and the service need.

KS=$DIR/keystone
mkdir -p "$KS/fernet" "$KS/credential"
cat >"$KS/keystone.conf" <<C
[DEFAULT]
log_file = $DIR/log/keystone.log
[database]
connection = sqlite:///$KS/keystone.db?timeout=30
[token]
provider = fernet
expiration = ${SWIFT_TOKEN_LIFE:-3600}
[fernet_tokens]
key_repository = $KS/fernet
[credential]
key_repository = $KS/credential
[cache]
enabled = false
C
if [ ! -e "$KS/ready" ]; then
  manage() { keystone-manage --config-file "$KS/keystone.conf" "$@" >>"$DIR/log/keystone-manage.log" 2>&1; }
  manage db_sync
  # Without write-ahead logging two requests at a time give "database is locked".
  /usr/bin/python3 -c "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA journal_mode=WAL')" "$KS/keystone.db"
  manage fernet_setup --keystone-user "$(id -un)" --keystone-group "$(id -gn)"
  manage credential_setup --keystone-user "$(id -un)" --keystone-group "$(id -gn)"
  url=http://$HOST:$KEYSTONE_PORT/v3
  OS_BOOTSTRAP_PASSWORD=$SECRET manage bootstrap --bootstrap-username admin --bootstrap-project-name admin \
    --bootstrap-role-name admin --bootstrap-service-name keystone --bootstrap-region-id RegionOne \
    --bootstrap-admin-url "$url" --bootstrap-internal-url "$url" --bootstrap-public-url "$url"
  touch "$KS/ready"
fi
OS_KEYSTONE_CONFIG_DIR=$KS OS_KEYSTONE_CONFIG_FILES=keystone.conf \
  start keystone "$HERE/swift/keystone_server.py" /usr/bin/python3 "$HERE/swift/keystone_server.py" "$KS/keystone.conf" "$KEYSTONE_PORT"
wait_for "http://$HOST:$KEYSTONE_PORT/v3"
if [ ! -e "$KS/seeded" ]; then
  KEYSTONE_SECRET=$SECRET /usr/bin/python3 "$HERE/swift/keystone_seed.py" "$KEYSTONE_PORT" "$PORT"
  touch "$KS/seeded"
fi
