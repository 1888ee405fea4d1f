import { EventEmitter } from 'node:events';
import type { Device } from 'node-hid';
import type { HidLinkOptions } from 'redsun/sdk/device';
import { expect, test } from 'vitest';
import { openHidPort } from './hid-port.ts';

const STAGE = { kind: 'hid', vendorId: 0x04d8, productId: 0x00dd, lineEnd: '\n', reportBytes: 8 } as const;

/** A device as hidapi has it. */
class FakeHid extends EventEmitter {
  readonly reports: Buffer[] = [];
  isClosed = false;
  refuses: Error | null = null;
  hangs = false;

  async write(report: number[] | Buffer): Promise<number> {
    if (this.hangs) return new Promise(() => {});
    if (this.refuses) throw this.refuses;
    this.reports.push(Buffer.from(report));
    return report.length;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

const listed = (change: Partial<Device> = {}): Device => ({
  vendorId: 0x04d8,
  productId: 0x00dd,
  path: '/dev/hidraw0',
  serialNumber: 'A1',
  release: 1,
  interface: 0,
  usagePage: 0xff00,
  usage: 1,
  ...change,
});

async function opened(options: Partial<HidLinkOptions> = {}, devices = [listed()]) {
  const hid = new FakeHid();
  const paths: string[] = [];
  const port = await openHidPort({ ...STAGE, ...options } as HidLinkOptions, {
    list: async () => devices,
    open: async (path) => {
      paths.push(path);
      return hid as never;
    },
  });
  let heard = '';
  const closed: (string | null)[] = [];
  port.onData((bytes) => {
    heard += Buffer.from(bytes).toString('latin1');
  });
  port.onClose((reason) => closed.push(reason?.message ?? null));
  return { hid, port, paths, closed, heard: () => heard };
}

test('a line is cut into reports, their number first, and the last one is filled up', async () => {
  const { hid, port } = await opened();
  port.write(Buffer.from('MOVE X 100\n'));
  port.write(Buffer.from('12345678'));
  await expect.poll(() => hid.reports.length).toBe(3);
  expect(hid.reports.map((report) => report.toString('latin1'))).toEqual([
    '\0MOVE X 1',
    '\0' + '00\n\0\0\0\0\0',
    '\0' + '12345678',
  ]);
});

test('numbered reports carry their number, and those of others are passed over', async () => {
  const { hid, port, heard } = await opened({ reportId: 2 });
  port.write(Buffer.from([1, 2]));
  await expect.poll(() => hid.reports.length).toBe(1);
  expect([...hid.reports[0]!]).toEqual([2, 1, 2, 0, 0, 0, 0, 0, 0]);
  hid.emit('data', Buffer.from('\u0002OK\n', 'latin1'));
  hid.emit('data', Buffer.from('\u0003button', 'latin1'));
  expect(heard()).toBe('OK\n');
});

test('zeros behind a text are none of it, and are data elsewhere', async () => {
  const text = await opened({ content: 'text' });
  text.hid.emit('data', Buffer.from('O\0\0\0'));
  text.hid.emit('data', Buffer.from('K\n\0\0'));
  text.hid.emit('data', Buffer.from('\0\0\0\0'));
  expect(text.heard()).toBe('OK\n');
  const binary = await opened();
  binary.hid.emit('data', Buffer.from([1, 0, 0, 0]));
  expect(Buffer.from(binary.heard(), 'latin1')).toEqual(Buffer.from([1, 0, 0, 0]));
});

test.each(['reading', 'writing'])(
  'a device that is pulled while %s ends the port once, with the reason',
  async (what) => {
    const { hid, port, closed } = await opened();
    hid.refuses = new Error('Cannot write to hid device');
    if (what === 'writing') port.write(Buffer.from('ON\n'));
    else hid.emit('error', new Error('could not read from HID device'));
    await expect.poll(() => closed.length).toBe(1);
    expect(closed[0]).toMatch(/^(?:Cannot write to|could not read from)/i);
    await expect.poll(() => hid.isClosed).toBe(true);
    await port.close();
    expect(closed).toHaveLength(1);
  },
);

test('closing waits for what is being written, and for nothing that hangs', async () => {
  const { hid, port, closed } = await opened();
  port.write(Buffer.from('OFF\n'));
  await port.close();
  expect([hid.reports.length, hid.isClosed, closed]).toEqual([1, true, [null]]);
  const hung = await opened();
  hung.hid.hangs = true;
  hung.port.write(Buffer.from('OFF\n'));
  await hung.port.close();
  expect(hung.hid.isClosed).toBe(true);
});

test('collections of one device on one path are one, others must be told apart', async () => {
  const collections = [listed(), listed({ usage: 2 })];
  expect((await opened({}, collections)).paths).toEqual(['/dev/hidraw0']);
  const two = [listed(), listed({ path: '/dev/hidraw1', serialNumber: 'B2', interface: 1, usagePage: 1 })];
  await expect(opened({}, two)).rejects.toThrow('2 fit; give serialNumber, interface or usagePage: A1, interface 0');
  for (const chosen of [{ serialNumber: 'B2' }, { interface: 1 }, { usagePage: 1 }]) {
    expect((await opened(chosen, two)).paths).toEqual(['/dev/hidraw1']);
  }
  await expect(opened({ serialNumber: 'C3' }, two)).rejects.toThrow(
    'hid:04d8:00dd:C3: cannot be opened: it is not plugged in; of the kind there are: A1',
  );
  await expect(opened({}, [])).rejects.toThrow('hid:04d8:00dd: cannot be opened: it is not plugged in');
});
