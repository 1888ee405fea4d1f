import type { Device, HIDAsync } from 'node-hid';
import type { HidLinkOptions } from 'redsun/sdk/device';
import { asError, RedsunError } from 'redsun/sdk/util';
import { type BytePort, PortListeners } from './byte-port.ts';
import { openFailed } from './open-failed.ts';
import { settledWithin } from './within.ts';

/** Longest wait for what is being written when a port is closed, and for its closing, ms. */
const CLOSE_MS = 1_000;
const DEFAULT_REPORT_BYTES = 64;

/** What is used of an open device. */
export type OpenHid = Pick<HIDAsync, 'write' | 'close' | 'on'>;

/** The HID devices of this computer. */
export interface HidDevices {
  list(vendorId: number, productId: number): Promise<readonly Device[]>;
  open(path: string): Promise<OpenHid>;
}

async function thisComputer(): Promise<HidDevices> {
  const { devicesAsync, HIDAsync } = await import('node-hid');
  return { list: devicesAsync, open: (path) => HIDAsync.open(path) };
}

/** Opens a HID device. The native module is loaded by the first call. @throws RedsunError `link/open-failed` */
export async function openHidPort(options: HidLinkOptions, devices?: HidDevices): Promise<BytePort> {
  try {
    const { list, open } = devices ?? (await thisComputer());
    const path = pathOf(options, await list(options.vendorId, options.productId));
    return portOn(await open(path), options);
  } catch (thrown) {
    throw thrown instanceof RedsunError ? thrown : openFailed(options, thrown);
  }
}

/** A device with several collections is listed once for each; on Linux all of them have one path. */
function pathOf(options: HidLinkOptions, listed: readonly Device[]): string {
  const { serialNumber, interface: part, usagePage, usage } = options;
  const fit = listed.filter(
    (device) =>
      (serialNumber === undefined || device.serialNumber === serialNumber) &&
      (part === undefined || device.interface === part) &&
      (usagePage === undefined || device.usagePage === usagePage) &&
      (usage === undefined || device.usage === usage),
  );
  const paths = new Set(fit.flatMap(({ path }) => path ?? []));
  const [only, ...more] = paths;
  if (only !== undefined && more.length === 0) return only;
  const known = listed.map(
    (device) =>
      `${device.serialNumber || 'without a serial number'}, interface ${device.interface}, usage ${device.usagePage}:${device.usage}`,
  );
  if (only !== undefined) {
    throw openFailed(
      options,
      new Error(`${paths.size} fit; give serialNumber, interface or usagePage: ${known.join('; ')}`),
    );
  }
  const others = known.length > 0 ? `; of the kind there are: ${known.join('; ')}` : '';
  throw openFailed(options, new Error(`it is not plugged in${others}`));
}

function portOn(device: OpenHid, options: HidLinkOptions): BytePort {
  const { reportId = 0, reportBytes = DEFAULT_REPORT_BYTES, content = 'binary' } = options;
  const listeners = new PortListeners();
  let writing: Promise<void> = Promise.resolve();
  let isOver = false;
  const gone = (reason: Error) => {
    if (isOver) return;
    isOver = true;
    listeners.closed(reason);
    void settledWithin(device.close(), CLOSE_MS);
  };
  device.on('error', (error: unknown) => gone(asError(error)));
  device.on('data', (report: Buffer) => {
    const bytes = contentOf(report, reportId, content);
    if (!isOver && bytes.length > 0) listeners.data(bytes);
  });
  const send = async (report: Buffer) => {
    if (isOver) return;
    try {
      const written = await device.write(report);
      if (written <= 0) throw new Error('the device takes no reports');
    } catch (thrown) {
      gone(asError(thrown));
    }
  };
  return {
    write(bytes) {
      for (const report of reportsOf(bytes, reportId, reportBytes)) writing = writing.then(() => send(report));
    },
    onData: listeners.onData,
    onClose: listeners.onClose,
    async close() {
      if (isOver) return;
      await settledWithin(writing, CLOSE_MS);
      if (isOver) return;
      isOver = true;
      await settledWithin(device.close(), CLOSE_MS);
      listeners.closed(null);
    },
  };
}

/** Reports as hidapi sends them: their number first, which is 0 where the device numbers none, and filled up with zeros. */
function* reportsOf(bytes: Uint8Array, reportId: number, reportBytes: number): Generator<Buffer> {
  for (let at = 0; at === 0 || at < bytes.length; at += reportBytes) {
    const report = Buffer.alloc(1 + reportBytes);
    report[0] = reportId;
    report.set(bytes.subarray(at, at + reportBytes), 1);
    yield report;
  }
}

/** Numbered reports come with their number before them, others without. */
function contentOf(report: Buffer, reportId: number, content: 'binary' | 'text'): Buffer {
  if (reportId !== 0 && report[0] !== reportId) return report.subarray(0, 0);
  const bytes = reportId === 0 ? report : report.subarray(1);
  const end = content === 'text' ? bytes.indexOf(0) : -1;
  return end < 0 ? bytes : bytes.subarray(0, end);
}
