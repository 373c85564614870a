#!/bin/sh
# The single point of execution. Everything is done by the program; this only finds itself, also behind a link, and Node,
# also from cron's bare PATH.
self=$0
while [ -L "$self" ]; do
  link=$(readlink -- "$self")
  case $link in /*) self=$link ;; *) self=$(dirname -- "$self")/$link ;; esac
done
root=$(CDPATH= cd -- "$(dirname -- "$self")" && pwd) || exit 1
for node in "${NIGHTSHIFT_NODE:-$(command -v node)}" /usr/local/bin/node /usr/bin/node /opt/homebrew/bin/node; do
  [ -x "$node" ] && exec "$node" "$root/src/launch.mjs" "$@"
done
echo "Nightshift needs Node 20.19 or later, and there is none in PATH ($PATH). Install it, or name it in NIGHTSHIFT_NODE." >&2
exit 1
