@echo off
rem The single point of execution. Everything is done by the program; this only finds Node.
setlocal
if not defined NIGHTSHIFT_NODE set "NIGHTSHIFT_NODE=node"
where "%NIGHTSHIFT_NODE%" >nul 2>nul || if not exist "%NIGHTSHIFT_NODE%" (
  echo Nightshift needs Node 20.19 or later, and there is none in PATH. Install it, or name it in NIGHTSHIFT_NODE. 1>&2
  exit /b 1
)
"%NIGHTSHIFT_NODE%" "%~dp0src\launch.mjs" %*
exit /b %ERRORLEVEL%
