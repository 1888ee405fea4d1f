import { type LinkOptions, portOf } from 'redsun/sdk/device';
import { asError, RedsunError } from 'redsun/sdk/util';

type UsbKind = Extract<LinkOptions, { readonly kind: 'usb' | 'hid' }>;

/** Errors of libusb when this user may not open it, and when no driver that programs can use is installed for it. */
const NO_ACCESS = /LIBUSB_ERROR_ACCESS|EACCES|permission denied|access (?:is )?denied/i;
const NO_DRIVER = /LIBUSB_ERROR_NOT_(?:SUPPORTED|FOUND)/;

/** @returns RedsunError `link/open-failed` that says what to do about it where that is known. */
export function openFailed(
  options: LinkOptions,
  thrown: unknown,
  platform: NodeJS.Platform = process.platform,
): RedsunError {
  const cause = asError(thrown);
  const hint = options.kind === 'usb' || options.kind === 'hid' ? hintFor(options, cause.message, platform) : '';
  return new RedsunError('link/open-failed', `${portOf(options)}: cannot be opened: ${cause.message}${hint}`, {
    cause,
  });
}

function hintFor({ kind, vendorId }: UsbKind, message: string, platform: NodeJS.Platform): string {
  // hidapi says no more than this of a node in /dev that may not be opened.
  const isRefused = NO_ACCESS.test(message) || (kind === 'hid' && platform === 'linux');
  if (platform === 'linux' && isRefused) {
    const id = vendorId.toString(16).padStart(4, '0');
    const what =
      kind === 'usb' ? `SUBSYSTEM=="usb", ATTR{idVendor}=="${id}"` : `KERNEL=="hidraw*", ATTRS{idVendor}=="${id}"`;
    return `. If this user may not open it, a udev rule lets them: ${what}, TAG+="uaccess"`;
  }
  if (platform === 'win32' && kind === 'usb' && (NO_DRIVER.test(message) || NO_ACCESS.test(message))) {
    return '. Windows needs the driver WinUSB for it, which Zadig installs';
  }
  return '';
}
