import { expect, test } from 'vitest';
import { listSerialPorts } from './list-serial-ports.ts';

const failing = (path: string) => async () => {
  throw Object.assign(new Error(`spawn ${path} ENOENT`), { code: 'ENOENT', path });
};

test('ports are given by their paths', async () => {
  expect(await listSerialPorts(async () => [{ path: 'COM3' }])).toEqual({ kind: 'listed', paths: ['COM3'] });
});

test('that udevadm is missing is told apart from what fails', async () => {
  expect(await listSerialPorts(failing('udevadm'))).toEqual({ kind: 'no-udevadm' });
  await expect(listSerialPorts(failing('/dev/serial'))).rejects.toThrow('spawn /dev/serial ENOENT');
});
