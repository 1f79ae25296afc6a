#!/bin/sh
# Stands in for the workerd binary: leaves a record of the process before it becomes workerd, so that an orphan can be found.
# RUNTIME_RECORD is the file to write, RUNTIME_BINARY the real program.
set -e
printf '%s\n' "$$ $*" > "$RUNTIME_RECORD.tmp"
mv "$RUNTIME_RECORD.tmp" "$RUNTIME_RECORD"
exec "$RUNTIME_BINARY" "$@"
