/** Where the checkout lies, as the project's own run.sh and run.bat look for it. */
export interface Checkout {
  /** Absolute. */
  readonly root: string;
  /** From the project, with `/`; still right when both are moved together. */
  readonly fromProject: string;
}

/** `run.sh` of a project: finds the checkout and hands everything over to its run.sh. */
export function runSh({ root, fromProject }: Checkout): string {
  return `#!/bin/sh
# Runs this project. Everything is done by the checkout of Nightshift: the one that NIGHTSHIFT_HOME names, or the one that
# made this project, beside which it still lies or not.
self=$0
while [ -L "$self" ]; do
  link=$(readlink -- "$self")
  case $link in /*) self=$link ;; *) self=$(dirname -- "$self")/$link ;; esac
done
project=$(CDPATH= cd -- "$(dirname -- "$self")" && pwd) || exit 1
for home in "\${NIGHTSHIFT_HOME:-}" "$project"/${quoted(fromProject)} ${quoted(root)}; do
  [ -n "$home" ] && [ -f "$home/run.sh" ] && [ -f "$home/src/launch.mjs" ] && exec sh "$home/run.sh" "$@" --project "$project"
done
echo "The checkout of Nightshift is no longer at "${quoted(root)}". Name its folder in NIGHTSHIFT_HOME." >&2
exit 1
`;
}

/** `run.bat`, the same for Windows. */
export function runBat({ root, fromProject }: Checkout): string {
  const lines = [
    '@echo off',
    'rem Runs this project. Everything is done by the checkout of Nightshift: the one that NIGHTSHIFT_HOME names, or the one that made it.',
    'setlocal',
    `for %%H in ("%NIGHTSHIFT_HOME%" "%~dp0${backslashed(fromProject)}" "${backslashed(root)}") do (`,
    '  if exist "%%~H\\src\\launch.mjs" (',
    '    call "%%~H\\run.bat" %* --project "%~dp0."',
    '    goto :done',
    '  )',
    ')',
    `echo The checkout of Nightshift is no longer at ${backslashed(root)}. Name its folder in NIGHTSHIFT_HOME. 1>&2`,
    'exit /b 1',
    ':done',
    'exit /b %ERRORLEVEL%',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function backslashed(path: string): string {
  return path.replaceAll('/', '\\').replaceAll('%', '%%');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
