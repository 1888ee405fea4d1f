import { expect, test } from 'vitest';
import { DiskGate } from './disk-gate.ts';

const full = () => Object.assign(new Error('no space'), { code: 'ENOSPC' });

/** A disk with room for so many writes. */
function disk(room: number) {
  const state = { room, written: [] as string[] };
  const write = (what: string) => async () => {
    if (state.room === 0) throw full();
    state.room--;
    state.written.push(what);
  };
  return { state, write };
}

test('what waits is tried again on retry, and each fault is told once', async () => {
  const faults: string[] = [];
  const gate = new DiskGate({ onFault: ({ message }) => faults.push(message) });
  const { state, write } = disk(0);
  const both = [gate.pass('a', 'pixels', write('frame')), gate.pass('b', 'records', write('line'))];
  await expect.poll(() => gate.fault).not.toBeNull();
  state.room = 2;
  gate.retry();
  await Promise.all(both);
  expect(state.written).toEqual(['frame', 'line']);
  expect([faults.length, gate.fault]).toEqual([1, null]);
});

test('when it is given up there is room for records, and pixels do not take it', async () => {
  const { state, write } = disk(0);
  const makeRoom = async () => {
    state.room = 1;
  };
  const gate = new DiskGate({ onFault: () => {}, makeRoom });
  const frame = gate.pass('a', 'pixels', write('frame'));
  const line = gate.pass('b', 'records', write('line'));
  frame.catch(() => {});
  await expect.poll(() => gate.fault).not.toBeNull();
  await gate.giveUp();
  await expect(frame).rejects.toMatchObject({ code: 'ENOSPC' });
  await line;
  expect(state.written).toEqual(['line']);
  await expect(gate.pass('a', 'pixels', write('frame'))).rejects.toMatchObject({ code: 'ENOSPC' });
});

test('a record that comes in between, or finds the disk full only in the end, gets the room that is kept', async () => {
  const { state, write } = disk(0);
  let roomMade = 0;
  const gate = new DiskGate({
    onFault: () => {},
    makeRoom: async () => {
      roomMade++;
      state.room = 2;
    },
  });
  const frame = gate.pass('a', 'pixels', write('frame'));
  frame.catch(() => {});
  await expect.poll(() => gate.fault).not.toBeNull();
  const givingUp = gate.giveUp();
  await gate.pass('b', 'records', write('in between'));
  await givingUp;
  await gate.pass('b', 'records', write('later'));
  await expect(gate.pass('b', 'records', write('too much'))).rejects.toMatchObject({ code: 'ENOSPC' });
  expect([state.written, roomMade]).toEqual([['in between', 'later'], 1]);

  const late = disk(0);
  const calm = new DiskGate({
    onFault: () => {},
    makeRoom: async () => {
      late.state.room = 1;
    },
  });
  await calm.giveUp();
  await calm.pass('b', 'records', late.write('line'));
  expect(late.state.written).toEqual(['line']);
});

test('a fault that no operator can mend is thrown at once', async () => {
  const gate = new DiskGate({ onFault: () => {} });
  await expect(gate.pass('a', 'pixels', () => Promise.reject(new TypeError('bug')))).rejects.toThrow('bug');
});
