import { expect, test } from 'vitest';
import { lineOf } from './finding.ts';
import { serialFinding, serialPortsOf } from './serial-finding.ts';

test('ports that are there are named, and none is no fault', () => {
  expect(serialFinding({ kind: 'listed', paths: ['COM3', 'COM7'] }, [])).toMatchObject({
    ok: true,
    detail: 'COM3, COM7',
  });
  expect(lineOf(serialFinding({ kind: 'listed', paths: [] }, ['COM3']))).toMatch(/^ok {3}serial +works, no port/);
});

test('without udevadm it is a warning, with a remedy', () => {
  expect(lineOf(serialFinding({ kind: 'no-udevadm' }, []))).toMatch(/^WARN serial .*; install the package udev$/);
});

test('without udevadm it is a failure for a session that names ports', () => {
  const line = lineOf(serialFinding({ kind: 'no-udevadm' }, ['/dev/ttyACM0', '/dev/ttyUSB0']));
  expect(line).toMatch(/^FAIL serial .*\/dev\/ttyACM0 and \/dev\/ttyUSB0.*; install the package udev$/);
});

test('a port is named once, however many devices share it, and one of the network is none', () => {
  const devices = new Map<string, Record<string, unknown>>([
    ['x', { port: '/dev/ttyACM0' }],
    ['z', { port: '/dev/ttyACM0' }],
    ['camera', { host: 'camera.local', port: 8000 }],
    ['laser', {}],
  ]);
  expect(serialPortsOf(devices)).toEqual(['/dev/ttyACM0']);
});
