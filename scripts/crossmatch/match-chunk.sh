#!/bin/sh
# The program of a stage: match-chunk.sh REFERENCE CHUNK MATCHES finds the sources of a chunk in the chunk of the same name in the container
# REFERENCE. Where that has not come yet it fails, and is tried again.
set -e
npx vopipe cat "$1/$VOPIPE_NAME" >"$2.reference"
exec npm run -s crossmatch -- match "$2.reference" "$2" "$3"
