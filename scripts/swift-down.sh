#!/bin/bash
# Stops what swift-up.sh started: swift-down.sh [--dir .swift] [--purge]. With --purge its folder goes as well.

set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
source "$HERE/swift/common.sh"
stop_all
[ -z "$PURGE" ] || [ ! -e "$DIR/shape" ] || rm -rf "$DIR"
