# Settings of the loopback Swift, and starting and stopping of its daemons. Sourced by swift-up.sh and swift-down.sh.

DIR=.swift REPLICAS=1 AUTH=tempauth PURGE=
while [ $# -gt 0 ]; do
  case $1 in
    --dir) DIR=${2:?--dir needs a folder}; shift 2 ;;
    --replicas) REPLICAS=${2:?--replicas needs 1 or 3}; shift 2 ;;
    --auth) AUTH=${2:?--auth needs tempauth or keystone}; shift 2 ;;
    --purge) PURGE=1; shift ;;
    -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
done
case $REPLICAS in 1) NODES=1 ;; 3) NODES=4 ;; *) echo "--replicas is 1 or 3" >&2; exit 2 ;; esac
case $AUTH in tempauth | keystone) ;; *) echo "--auth is tempauth or keystone" >&2; exit 2 ;; esac
umask 077
mkdir -p "$DIR"
DIR=$(cd "$DIR" && pwd)
HOST=127.0.0.1
PORT=${SWIFT_PORT:-8090}
BASE=${SWIFT_PORT_BASE:-6200}
KEYSTONE_PORT=${KEYSTONE_PORT:-5000}
MAX_FILE_SIZE=${SWIFT_MAX_FILE_SIZE:-5368709122}
DATA=${SWIFT_DATA:-$DIR/data}

say() { echo "swift: $*" >&2; }
fail() { say "$@"; exit 1; }

# The recorded process still runs and is still the daemon that was started: its command line holds the recorded mark.
alive() {
  [ -s "$DIR/run/$1.pid" ] || return 1
  local pid mark
  { read -r pid && read -r mark; } <"$DIR/run/$1.pid"
  [ -r "/proc/$pid/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "$mark"
}

# start NAME MARK COMMAND...: nothing when it is alive. Each daemon leads a process group of its own.
start() {
  local name=$1 mark=$2
  shift 2
  alive "$name" && return 0
  setsid "$@" >>"$DIR/log/$name.log" 2>&1 </dev/null &
  printf '%s\n%s\n' $! "$mark" >"$DIR/run/$name.pid"
}

stop_all() {
  local file name pid pids=""
  for file in "$DIR"/run/*.pid; do
    [ -e "$file" ] || continue
    name=$(basename "$file" .pid)
    if alive "$name"; then
      read -r pid <"$file"
      kill -TERM -- "-$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null || true
      pids="$pids $pid"
    fi
    rm -f "$file"
  done
  for pid in $pids; do
    for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL -- "-$pid" 2>/dev/null || true
  done
}

# wait_for URL: until it answers 2xx or 3xx, at most 20 seconds.
wait_for() {
  for _ in $(seq 200); do
    curl -sf -m 2 -o /dev/null "$1" && return 0
    sleep 0.1
  done
  tail -n 5 "$DIR"/log/*.log >&2 || true
  fail "$1 does not answer; the logs are in $DIR/log"
}
