const MAX_LENGTH = 64;
/** File systems take 255 bytes; a counter, a suffix or an ending follows. A character takes up to 4. */
const MAX_BYTES = 180;
/** Devices of Windows: no file may have such a name, with or without an extension. */
const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** What no name may have on one of them: the separators of paths, and what Windows keeps for itself. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among them.
export const FORBIDDEN = /[<>:"/\\|?*\u0000-\u001f\u007f]/;

/** `name` as a file or folder name that Windows, macOS and Linux all take. */
export function safeName(name: string): string {
  const cleaned = name.normalize('NFC').replace(new RegExp(FORBIDDEN, 'g'), '_').trim().replace(/^\.+/, '_');
  // By code points, so that no character is cut in half; Windows drops dots and blanks at the end.
  const short = withinBytes([...cleaned].slice(0, MAX_LENGTH)).replace(/[. ]+$/, '');
  if (short === '') return '_';
  return RESERVED.test(short) ? `_${short}` : short;
}

function withinBytes(characters: readonly string[]): string {
  let name = '';
  for (const character of characters) {
    if (Buffer.byteLength(name + character) > MAX_BYTES) break;
    name += character;
  }
  return name;
}

/** True for names of devices of Windows, which no file or folder may have. */
export function isReservedName(name: string): boolean {
  return RESERVED.test(name);
}
