# Writes the configuration of every daemon below $DIR/etc.

conf() { cat >"$DIR/etc/$1"; }

# Swift reads /etc/swift/swift.conf at import; this points it elsewhere first, so that the machine's own Swift is left alone.
cat >"$DIR/swift-run" <<PY
#!/usr/bin/python3
import runpy, sys
import swift.common.utils
swift.common.utils.set_swift_dir('$DIR/etc')
sys.argv = ['/usr/bin/' + sys.argv[1]] + sys.argv[2:]
runpy.run_path(sys.argv[0], run_name='__main__')
PY
chmod 700 "$DIR/swift-run"

conf swift.conf <<C
[swift-hash]
swift_hash_path_prefix = $SECRET
swift_hash_path_suffix = loopback
[storage-policy:0]
name = standard
default = yes
[swift-constraints]
max_file_size = $MAX_FILE_SIZE
C
filter_section() { printf '[filter:%s]\nuse = egg:swift#%s\n' "$1" "$(echo "$1" | tr - _)"; }
cache_filter="[filter:cache]
use = egg:swift#memcache
memcache_servers = $HOST:$((BASE + 8))
error_suppression_interval = 5"
conf memcache.conf <<C
[memcache]
memcache_servers = $HOST:$((BASE + 8))
C

if [ "$AUTH" = keystone ]; then auth_filters="authtoken keystoneauth"; else auth_filters=tempauth; fi
conf proxy-server.conf <<C
[DEFAULT]
bind_ip = $HOST
bind_port = $PORT
workers = ${SWIFT_WORKERS:-1}
user = $(id -un)
swift_dir = $DIR/etc
log_name = proxy
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck proxy-logging cache listing_formats bulk tempurl ratelimit $auth_filters copy container-quotas account-quotas slo dlo versioned_writes symlink proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
object_chunk_size = 1048576
client_chunk_size = 1048576
error_suppression_interval = 5
[filter:tempauth]
use = egg:swift#tempauth
token_life = ${SWIFT_TOKEN_LIFE:-86400}
user_vospace_service = $SECRET .admin
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
www_authenticate_uri = http://$HOST:$KEYSTONE_PORT
auth_url = http://$HOST:$KEYSTONE_PORT
auth_type = password
project_domain_id = default
user_domain_id = default
project_name = service
username = swift
password = $SECRET
delay_auth_decision = True
cache = swift.cache
include_service_catalog = False
service_token_roles_required = True
[filter:keystoneauth]
use = egg:swift#keystoneauth
operator_roles = admin, swiftoperator
$cache_filter
$(for filter in catch_errors gatekeeper healthcheck proxy-logging listing_formats bulk tempurl ratelimit copy container-quotas account-quotas slo dlo symlink; do
  filter_section $filter
done)
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
C

# node N: object server on BASE+10N, container on +1, account on +2; one device each.
server_port() { case $2 in object) echo $((BASE + 10 * $1)) ;; container) echo $((BASE + 10 * $1 + 1)) ;; account) echo $((BASE + 10 * $1 + 2)) ;; esac; }
for node in $(seq "$NODES"); do
  mkdir -p "$DATA/n$node/d$node" "$DIR/cache/n$node"
  for kind in object container account; do
    {
      cat <<C
[DEFAULT]
devices = $DATA/n$node
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
bind_ip = $HOST
bind_port = $(server_port "$node" $kind)
workers = 0
user = $(id -un)
swift_dir = $DIR/etc
log_name = $kind-$node
recon_cache_path = $DIR/cache/n$node
[pipeline:main]
pipeline = healthcheck recon $kind-server
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:recon]
use = egg:swift#recon
recon_cache_path = $DIR/cache/n$node
[app:$kind-server]
use = egg:swift#$kind
disk_chunk_size = 1048576
network_chunk_size = 1048576
[$kind-replicator]
rsync_module = rsync://{replication_ip}:$((BASE + 9))/$kind{replication_port}
interval = 5
[$kind-auditor]
interval = 30
C
      case $kind in
        object) printf '[object-updater]\ninterval = 5\n' ;;
        container) printf '[container-updater]\ninterval = 5\n' ;;
        account) printf '[account-reaper]\ninterval = 5\n' ;;
      esac
    } | conf $kind-$node.conf
  done
done

{
  printf 'pid file = %s\nuse chroot = no\naddress = %s\nport = %s\nlog file = %s\n' "$DIR/run/rsyncd.own" $HOST $((BASE + 9)) "$DIR/log/rsyncd.log"
  if [ "$(id -u)" = 0 ]; then printf 'uid = root\ngid = root\n'; fi
  for node in $(seq "$NODES"); do for kind in object container account; do
    printf '[%s%s]\npath = %s\nread only = false\nmax connections = 8\nlock file = %s\n' $kind "$(server_port "$node" $kind)" "$DATA/n$node" "$DIR/run/rsync-$kind-$node.lock"
  done; done
} | conf rsyncd.conf
conf object-expirer.conf <<C
[DEFAULT]
swift_dir = $DIR/etc
user = $(id -un)
log_name = object-expirer
[object-expirer]
interval = 5
recon_cache_path = $DIR/cache
[pipeline:main]
pipeline = catch_errors proxy-logging cache symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
$cache_filter
$(for filter in catch_errors proxy-logging symlink; do filter_section $filter; done)
C
