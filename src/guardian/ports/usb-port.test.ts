import type { UsbLinkOptions } from 'redsun/sdk/device';
import { expect, test } from 'vitest';
import { openFailed } from './open-failed.ts';
import { FakeUsb, STATUS } from './testing/fake-usb.ts';
import { UsbBus } from './usb-bus.ts';
import { openUsbPort } from './usb-port.ts';

const LASER = { kind: 'usb', vendorId: 0x1209, productId: 0x0001, lineEnd: '\n' } as const;

/** An open port on a device, and what came of it. */
async function opened(usb = new FakeUsb(), options: UsbLinkOptions = LASER) {
  const port = await openUsbPort(options, new UsbBus(async () => [usb.device]));
  let heard = '';
  const closed: (string | null)[] = [];
  port.onData((bytes) => {
    heard += Buffer.from(bytes).toString('latin1');
  });
  port.onClose((reason) => closed.push(reason?.message ?? null));
  return { usb, port, closed, heard: () => heard };
}

test('what is written arrives in order, and packets are put together, empty ones too', async () => {
  const { usb, port, heard } = await opened();
  port.write(Buffer.from('ON\n'));
  port.write(Buffer.from('P 5\n'));
  await expect.poll(() => usb.heard).toEqual(['ON\n', 'P 5\n']);
  for (const packet of ['O', '', 'K\nO', 'K\n']) usb.say(packet);
  expect(heard()).toBe('OK\nOK\n');
});

test('a device that stalls is set going again, once', async () => {
  const { usb, port, closed, heard } = await opened();
  usb.failReads(STATUS.stall);
  await expect.poll(() => usb.log).toContain('clear halt in');
  await expect.poll(() => tryToSay(usb, 'A')).toBe(true);
  usb.failReads(STATUS.stall);
  await expect.poll(() => tryToSay(usb, 'B')).toBe(true);
  expect([heard(), closed]).toEqual(['AB', []]);
  usb.failReads(STATUS.stall);
  await expect.poll(() => usb.log.filter((done) => done === 'clear halt in').length).toBe(3);
  // Nothing came since: it will not do.
  await expect
    .poll(() => {
      usb.failReads(STATUS.stall);
      return closed.length;
    })
    .toBe(1);
  await port.close();
  expect(closed).toHaveLength(1);
});

test('a halt that cannot be cleared is the end of the port', async () => {
  const { usb, closed } = await opened();
  usb.stuckHalt = new Error('LIBUSB_ERROR_NO_DEVICE');
  usb.failReads(STATUS.stall);
  await expect.poll(() => closed).toEqual(['LIBUSB_ERROR_NO_DEVICE']);
});

test('what the device refuses to take is not sent twice, and the next is', async () => {
  const { usb, port, closed } = await opened();
  usb.nextWrite = STATUS.stall;
  port.write(Buffer.from('ON\n'));
  port.write(Buffer.from('OFF\n'));
  await expect.poll(() => usb.heard).toEqual(['OFF\n']);
  expect([usb.log.includes('clear halt out'), closed]).toEqual([true, []]);
});

test.each(['reading', 'writing'] as const)(
  'a cable that is pulled while %s ends the port once, with the reason',
  async (what) => {
    const { usb, port, closed } = await opened();
    if (what === 'writing') {
      usb.takes = false;
      port.write(Buffer.from('ON\n'));
      await new Promise(setImmediate);
    }
    usb.unplug();
    await expect.poll(() => closed).toEqual(['LIBUSB_TRANSFER_5']);
    await port.close();
    await expect.poll(() => usb.isOpen).toBe(false);
    expect(closed).toHaveLength(1);
  },
);

test("the system's driver gives the device away and gets it back", async () => {
  const usb = new FakeUsb();
  usb.hasKernelDriver = true;
  const { port, closed } = await opened(usb);
  await port.close();
  expect([usb.log, usb.isOpen, closed]).toEqual([['detach', 'claim', 'release', 'attach'], false, [null]]);
});

test('what was written arrives before the port is closed', async () => {
  const { usb, port } = await opened();
  port.write(Buffer.from('ON\n'));
  port.write(Buffer.from('OFF\n'));
  await port.close();
  expect([usb.heard, usb.isOpen]).toEqual([['ON\n', 'OFF\n'], false]);
});

test('closing waits for nothing that hangs', async () => {
  const { usb, port } = await opened();
  usb.takes = false;
  port.write(Buffer.from('ON\n'));
  await port.close();
  expect(usb.log).toContain('release');
});

test('two of a kind are told apart by their serial numbers', async () => {
  const [first, second] = [new FakeUsb({ serialNumber: 'A1' }), new FakeUsb({ serialNumber: 'B2' })];
  const bus = new UsbBus(async () => [new FakeUsb({ productId: 9 }).device, first.device, second.device]);
  const what = 'usb:1209:0001: cannot be opened: 2 of the kind are plugged in: give serialNumber';
  await expect(openUsbPort(LASER, bus)).rejects.toMatchObject({ code: 'link/open-failed', message: what });
  await openUsbPort({ ...LASER, serialNumber: 'B2' }, bus);
  expect([first.isOpen, second.isOpen]).toEqual([false, true]);
  await expect(openUsbPort({ ...LASER, serialNumber: 'C3' }, bus)).rejects.toThrow(
    'usb:1209:0001:C3: cannot be opened: it is not plugged in; others of the kind are: A1, B2',
  );
  await expect(openUsbPort(LASER, new UsbBus(async () => []))).rejects.toThrow('it is not plugged in');
});

test('another program that has one of the kind is in nobody’s way, unless it is the one', async () => {
  const [taken, free] = [new FakeUsb({ serialNumber: 'A1' }), new FakeUsb({ serialNumber: 'B2' })];
  taken.refusal = new Error('LIBUSB_ERROR_BUSY');
  const bus = new UsbBus(async () => [taken.device, free.device]);
  await openUsbPort({ ...LASER, serialNumber: 'B2' }, bus);
  await expect(openUsbPort({ ...LASER, serialNumber: 'A1' }, bus)).rejects.toThrow('LIBUSB_ERROR_BUSY');
});

test('a device of which another link has something stays open when one is closed, or looks for its like', async () => {
  const [mine, other] = [new FakeUsb({ serialNumber: 'A1' }), new FakeUsb({ serialNumber: 'B2' })];
  const bus = new UsbBus(async () => [mine.device, other.device]);
  const port = await openUsbPort({ ...LASER, serialNumber: 'A1' }, bus);
  await openUsbPort({ ...LASER, serialNumber: 'B2' }, bus);
  const second = await openUsbPort({ ...LASER, serialNumber: 'A1', interface: 1 }, bus);
  await port.close();
  expect([mine.isOpen, other.isOpen, mine.opens]).toEqual([true, true, 1]);
  await second.close();
  expect([mine.isOpen, other.isOpen]).toEqual([false, true]);
});

test('endpoints that are not there are named, with those that are', async () => {
  await opened(new FakeUsb(), { ...LASER, endpointIn: 0x81, endpointOut: 0x02 });
  const usb = new FakeUsb();
  await expect(opened(usb, { ...LASER, endpointOut: 0x05 })).rejects.toThrow(
    'interface 0 has no endpoint 0x5; out: 0x2',
  );
  expect(usb.isOpen).toBe(false);
});

test('who may not open it is told what lets them, on their system', () => {
  const access = new Error('LIBUSB_ERROR_ACCESS');
  const rule = 'SUBSYSTEM=="usb", ATTR{idVendor}=="1209", TAG+="uaccess"';
  expect(openFailed(LASER, access, 'linux').message).toContain(rule);
  expect(openFailed({ ...LASER, kind: 'hid' }, new Error('cannot open device'), 'linux').message).toContain(
    'KERNEL=="hidraw*"',
  );
  expect(openFailed(LASER, new Error('LIBUSB_ERROR_NOT_SUPPORTED'), 'win32').message).toContain('WinUSB');
  expect(openFailed(LASER, new Error('LIBUSB_ERROR_NO_DEVICE'), 'win32').message).toMatch(/NO_DEVICE$/);
});

/** False while nobody reads: the port is being set going again. */
function tryToSay(usb: FakeUsb, text: string): boolean {
  try {
    usb.say(text);
    return true;
  } catch {
    return false;
  }
}
