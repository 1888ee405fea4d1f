import type { LinkOptions, UsbLinkOptions } from 'redsun/sdk/device';
import { expect, onTestFinished, test } from 'vitest';
import { FakeUsb } from '../../guardian/ports/testing/fake-usb.ts';
import { UsbBus } from '../../guardian/ports/usb-bus.ts';
import { openUsbPort } from '../../guardian/ports/usb-port.ts';
import { systemClock } from '../host/system-clock.ts';
import { inProcessLinks } from './testing/in-process-guardian.ts';

const LASER = { kind: 'usb', vendorId: 0x1209, productId: 0x0001, lineEnd: '\n' } as const;

test('a USB laser that is unplugged while it shines is dark soon after it is plugged in again', async () => {
  let usb = new FakeUsb();
  const plugged: FakeUsb[] = [usb];
  const bus = new UsbBus(async () => plugged.map(({ device }) => device));
  const obey = (line: string) => (line === '?' ? 'OFF\n' : 'OK\n');
  usb.answer = obey;
  const openPort = (options: LinkOptions) => openUsbPort(options as UsbLinkOptions, bus);
  const links = inProcessLinks({ clock: systemClock, openPort });
  onTestFinished(() => links.close());
  const link = await links.open(LASER, 'laser');
  const step = (send: string, equals: string) => ({ send, expect: { kind: 'line' as const, equals }, timeoutMs: 500 });
  await link.protect({ device: 'laser', order: 'light', steps: [step('OFF', 'OK'), step('?', 'OFF')] });
  expect(await link.query('ON', { timeoutMs: 1000 })).toBe('OK');
  plugged.length = 0;
  usb.unplug();
  await expect(link.query('ON', { timeoutMs: 1000 })).rejects.toThrow();
  usb = new FakeUsb();
  usb.answer = obey;
  plugged.push(usb);
  await expect.poll(() => usb.heard).toEqual(['OFF\n', '?\n']);
  await expect.poll(() => usb.isOpen).toBe(false);
});
