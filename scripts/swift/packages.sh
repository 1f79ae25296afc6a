# Installs Debian's Swift (and Keystone) packages when they are missing.

PACKAGES="swift-proxy swift-account swift-container swift-object swift-object-expirer python3-swift memcached rsync curl"
[ "$AUTH" = keystone ] && PACKAGES="$PACKAGES python3-keystone python3-keystonemiddleware"

MISSING=""
for package in $PACKAGES; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || MISSING="$MISSING $package"
done
if [ -n "$MISSING" ]; then
  command -v apt-get >/dev/null || fail "needs the Debian or Ubuntu packages$MISSING, and here is no apt-get"
  [ "$(id -u)" = 0 ] || fail "needs packages; as root: apt-get install --no-install-recommends$MISSING"
  say "installing$MISSING"
  # The packages would start a Swift of their own: exit 101 forbids it, and the file goes away again.
  policy=/usr/sbin/policy-rc.d
  made=""
  if [ ! -e $policy ]; then printf '#!/bin/sh\nexit 101\n' >$policy; chmod 755 $policy; made=1; fi
  status=0
  {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 update &&
      DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $MISSING
  } >"$DIR/log/apt.log" 2>&1 || status=$?
  [ -z "$made" ] || rm -f $policy
  [ "$status" = 0 ] || { tail -n 20 "$DIR/log/apt.log" >&2; fail "the packages did not install"; }
fi
