#!/bin/bash
# The tests on a real OpenStack Swift: the store's contract, the protocol and the command line over it, uploads and downloads in a browser, the crossmatch, and large files while the service is killed. SWIFT_AUTH_URL and the like name one; without them
# it is the one of `npm run swift:up`.
set -euo pipefail
cd "$(dirname "$0")/.."
own=
if [ -z "${SWIFT_AUTH_URL:-}" ]; then
  own=yes
  [ -r .swift/swift.env ] || { echo "no Swift: npm run swift:up" >&2; exit 1; }
  set -a
  source .swift/swift.env
  set +a
fi
failed=0
vitest run -c vitest.workers.config.ts --project swift --reporter=default --reporter=json --outputFile.json=dist/results/swift-contract.json || failed=1
TEST_STORE=swift vitest run --project protocol --reporter=default --reporter=json --outputFile.json=dist/results/swift-protocol.json || failed=1
TEST_STORE=swift vitest run --project cli --reporter=default --reporter=json --outputFile.json=dist/results/swift-cli.json || failed=1
# Bytes between browsers and a store at another origin.
TEST_STORE=swift vitest run --project page test/page/upload.test.ts --reporter=default --reporter=json --outputFile.json=dist/results/swift-page.json || failed=1
TEST_STORE=swift vitest run --project page test/page/actions.test.ts -t 'downloaded|share link' --reporter=default --reporter=json --outputFile.json=dist/results/swift-page-downloads.json || failed=1
TEST_STORE=swift vitest run --project http test/crash/crossmatch.test.ts --reporter=default --reporter=json --outputFile.json=dist/results/swift-crossmatch.json || failed=1
if [ -n "$own" ]; then
  # Files that one PUT cannot hold: with a small limit they need not be large.
  SWIFT_MAX_FILE_SIZE=6291456 bash scripts/swift-up.sh || failed=1
  export SWIFT_MAX_FILE_SIZE=6291456
fi
TEST_STORE=swift vitest run --project http test/crash/uploads.test.ts --reporter=default --reporter=json --outputFile.json=dist/results/swift-uploads.json || failed=1
if [ -n "$own" ]; then
  unset SWIFT_MAX_FILE_SIZE
  bash scripts/swift-up.sh || failed=1
  # Another one, whose servers are taken away.
  replicas=.swift/replicas
  trap 'bash scripts/swift-down.sh --dir "$replicas" --purge' EXIT
  export SWIFT_DIR=$replicas SWIFT_PORT=$((${SWIFT_PORT:-8090} + 1)) SWIFT_PORT_BASE=$((${SWIFT_PORT_BASE:-6200} + 100))
  SWIFT_BACKGROUND=no bash scripts/swift-up.sh --dir "$replicas" --replicas 3 || failed=1
  set -a
  source "$replicas/swift.env"
  set +a
  TEST_STORE=swift vitest run --project replicas --reporter=default --reporter=json --outputFile.json=dist/results/swift-replicas.json || failed=1
fi
exit "$failed"
