const MAX_LENGTH = 64;
/** Devices of Windows: no file may have such a name, with or without an extension. */
const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** `name` as a file or folder name that Windows, macOS and Linux all take. */
export function safeName(name: string): string {
  const cleaned = name
    .normalize('NFC')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go.
    .replace(/[<>:"/\\|?*\u0000-\u001f\u007f]/g, '_')
    .trim()
    .replace(/^\.+/, '_');
  // By code points, so that no character is cut in half; Windows drops dots and blanks at the end.
  const short = [...cleaned]
    .slice(0, MAX_LENGTH)
    .join('')
    .replace(/[. ]+$/, '');
  if (short === '') return '_';
  return RESERVED.test(short) ? `_${short}` : short;
}
