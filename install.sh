#!/bin/sh
# Makes the isolated environment: checks Node, installs from the lock file. No other logic.
set -e
cd -- "$(dirname -- "$0")"
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
  echo "Nightshift needs Node 20.19 or later; found: $(node --version 2>/dev/null || echo none)." >&2
  exit 1
fi
echo "Installing from package-lock.json. Where better-sqlite3 has no prebuilt binary for this machine it is compiled, which takes a minute or two."
npm ci --no-audit --no-fund
echo "Installed. Now run: ./run.sh"
