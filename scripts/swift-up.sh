#!/bin/bash
# Starts a real OpenStack Swift on loopback, from Debian's packages:
#   swift-up.sh [--dir .swift] [--replicas 1|3] [--auth tempauth|keystone]
# Safe to repeat: only dead daemons are started; other options than last time restart all of them. With 3 replicas there are
# 4 nodes, with replicators, updaters, auditors, reapers and the expirer running.
# DIR/swift.env (mode 0600) says how to reach it; DIR/log has the logs. Environment:
#   SWIFT_PORT=8090            the proxy's port
#   SWIFT_PORT_BASE=6200       node N listens on BASE+10N to BASE+10N+2, memcached on BASE+8, rsync on BASE+9
#   KEYSTONE_PORT=5000
#   SWIFT_MAX_FILE_SIZE        bytes that one PUT may have (5368709122)
#   SWIFT_TOKEN_LIFE           seconds that a token lives
#   SWIFT_WORKERS=1            processes of the proxy
#   SWIFT_BACKGROUND=yes       no: without replicators and the like, which is enough where servers are lost and do not come back
#   SWIFT_DATA=DIR/data        where the devices lie; needs user extended attributes

set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
source "$HERE/swift/common.sh"
mkdir -p "$DIR"/{etc,run,log,cache} "$DATA"
source "$HERE/swift/packages.sh"

/usr/bin/python3 - "$DATA" <<'PY' || fail "$DATA has no user extended attributes, which Swift needs; set SWIFT_DATA to a folder on ext4, xfs or a recent tmpfs"
import os, sys
path = os.path.join(sys.argv[1], ".probe")
open(path, "w").close()
try:
    os.setxattr(path, "user.swift.probe", b"x" * 1000)
except OSError:
    sys.exit(1)
finally:
    os.unlink(path)
PY

[ -s "$DIR/secret" ] || od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$DIR/secret"
SECRET=$(cat "$DIR/secret")
shape="$REPLICAS $NODES $BASE"
[ ! -e "$DIR/shape" ] || [ "$(cat "$DIR/shape")" = "$shape" ] || fail "$DIR holds a Swift with other replicas or ports ($(cat "$DIR/shape")): give another --dir, or swift-down.sh --purge"
settings="$shape $AUTH $PORT $KEYSTONE_PORT $MAX_FILE_SIZE ${SWIFT_TOKEN_LIFE:-} ${SWIFT_WORKERS:-} ${SWIFT_BACKGROUND:-yes} $DATA"
if [ -e "$DIR/settings" ] && [ "$(cat "$DIR/settings")" != "$settings" ]; then
  say "other options than before: restarting"
  stop_all
fi
source "$HERE/swift/config.sh"
/usr/bin/python3 "$HERE/swift/rings.py" "$DIR/etc" "$REPLICAS" "$NODES" "$BASE"
echo "$shape" >"$DIR/shape"
echo "$settings" >"$DIR/settings"
if [ "$AUTH" = keystone ]; then source "$HERE/swift/keystone.sh"; fi

run() { local name=$1 program=$2 conf=$DIR/etc/$3; start "$name" "swift-$program $conf" "$DIR/swift-run" "swift-$program" "$conf"; }
start memcached "-p $((BASE + 8))" memcached -l $HOST -p $((BASE + 8)) -U 0 -m 64 -u "$(id -un)"
for node in $(seq "$NODES"); do
  for kind in account container object; do run $kind-$node $kind-server $kind-$node.conf; done
done
run proxy proxy-server proxy-server.conf
if [ "$REPLICAS" -gt 1 ] && [ "${SWIFT_BACKGROUND:-yes}" = yes ]; then
  start rsyncd "$DIR/etc/rsyncd.conf" rsync --daemon --no-detach --config="$DIR/etc/rsyncd.conf"
  run object-expirer object-expirer object-expirer.conf
  for node in $(seq "$NODES"); do
    for kind in account container object; do
      run $kind-replicator-$node $kind-replicator $kind-$node.conf
      run $kind-auditor-$node $kind-auditor $kind-$node.conf
    done
    run container-updater-$node container-updater container-$node.conf
    run object-updater-$node object-updater object-$node.conf
    run account-reaper-$node account-reaper account-$node.conf
  done
fi
for node in $(seq "$NODES"); do
  for kind in object container account; do wait_for "http://$HOST:$(server_port "$node" $kind)/healthcheck"; done
done
wait_for "http://$HOST:$PORT/healthcheck"

{
  echo "SWIFT_AUTH=$AUTH"
  if [ "$AUTH" = keystone ]; then
    printf 'SWIFT_AUTH_URL=%s\nSWIFT_USER=vospace\nSWIFT_PROJECT=vospace\n' "http://$HOST:$KEYSTONE_PORT/v3"
  else
    printf 'SWIFT_AUTH_URL=%s\nSWIFT_USER=vospace:service\n' "http://$HOST:$PORT/auth/v1.0"
  fi
  echo "SWIFT_KEY=$SECRET"
  recon=proxy=http://$HOST:$PORT
  for node in $(seq "$NODES"); do
    for kind in account container object; do recon+=,$kind=http://$HOST:$(server_port "$node" $kind); done
  done
  echo "SWIFT_RECON=$recon"
} >"$DIR/swift.env.new"
mv "$DIR/swift.env.new" "$DIR/swift.env"
say "ready on http://$HOST:$PORT with $AUTH, $REPLICAS replica(s); settings in $DIR/swift.env"
