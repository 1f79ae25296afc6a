#!/bin/bash
# The tests on a real OpenStack Swift: the store's contract, and the protocol over it. SWIFT_AUTH_URL and the like name one; without them
# it is the one of `npm run swift:up`.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${SWIFT_AUTH_URL:-}" ]; then
  [ -r .swift/swift.env ] || { echo "no Swift: npm run swift:up" >&2; exit 1; }
  set -a
  source .swift/swift.env
  set +a
fi
failed=0
vitest run -c vitest.workers.config.ts --project swift --reporter=default --reporter=json --outputFile.json=dist/results/swift-contract.json || failed=1
TEST_STORE=swift vitest run --project protocol --reporter=default --reporter=json --outputFile.json=dist/results/swift-protocol.json || failed=1
exit "$failed"
