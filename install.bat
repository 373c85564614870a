@echo off
rem Makes the isolated environment: checks Node, installs from the lock file. No other logic.
cd /d "%~dp0"
node -e "const [a, b] = process.versions.node.split('.').map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)" 2>nul
if errorlevel 1 (
  echo Nightshift needs Node 20.19 or later. 1>&2
  exit /b 1
)
echo Installing from package-lock.json. Where better-sqlite3 has no prebuilt binary for this machine it is compiled, which takes a minute or two.
call npm ci --no-audit --no-fund
if errorlevel 1 exit /b 1
echo Installed. Now run: run.bat
