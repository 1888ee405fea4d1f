#!/usr/bin/env bash
# A Windows to test on, inside Linux: Wine's drive C with the one system file that Wine 8 lacks, and packages of Windows: node.exe and
# the native modules, which everything else finds by NODE_PATH. Wine itself comes with the other tools. About 20 s, 800 MB.
# usage: provision.sh DEST NAME@VERSION...      makes DEST/prefix and DEST/node_modules
set -euo pipefail
dest=$(realpath -m "$1"); shift
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$dest"
export WINEPREFIX=$dest/prefix WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
/usr/lib/wine/wine64 wineboot -i >/dev/null 2>&1 </dev/null
x86_64-w64-mingw32-gcc-win32 -shared -O2 -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll" "$here/bcryptprimitives.c" -ladvapi32
# What the registry of this Windows still writes down must be on the disk before anybody uses it.
/usr/lib/wine/wineserver64 -w
echo '{"private":true}' >"$dest/package.json"
cd "$dest"
npm install --no-save --silent --ignore-scripts --force --os=win32 --cpu=x64 "$@" </dev/null >&2
