#!/bin/sh
# The single point of execution. Everything is done by the program; this only finds Node.
root=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1
node=${NIGHTSHIFT_NODE:-$(command -v node || command -v /usr/local/bin/node || command -v /usr/bin/node || command -v /opt/homebrew/bin/node)}
if [ -z "$node" ]; then
  echo "Nightshift needs Node 20.19 or later, and there is none in PATH ($PATH). Install it, or name it in NIGHTSHIFT_NODE." >&2
  exit 1
fi
exec "$node" "$root/src/launch.mjs" "$@"
