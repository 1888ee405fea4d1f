import type { Client, ClientRole } from 'redsun/sdk/presenter';
import { ManualClock } from 'redsun/sdk/testing';
import { expect, test } from 'vitest';
import { ControlLease } from './control-lease.ts';

const clientCalled = (name: string, role: ClientRole = 'administer'): Client => ({ id: name, name, role });
const [anna, ben, carl] = ['Anna', 'Ben', 'Carl'].map((name) => clientCalled(name)) as [Client, Client, Client];
const guest = clientCalled('Guest', 'observe');

function lease() {
  const clock = new ManualClock();
  const control = new ControlLease(clock);
  let told = 0;
  control.changed.connect(() => told++);
  return { clock, control, told: () => told, holder: () => control.state.holder?.name ?? null };
}

test('who operates first has the control, others look on', () => {
  const { control, holder } = lease();
  control.require(ben, 'observe', 'a question');
  expect(holder()).toBeNull();
  control.require(anna, 'operate', 'a move');
  control.require(anna, 'operate', 'a move');
  expect(holder()).toBe('Anna');
  expect(() => control.require(ben, 'operate', 'a move')).toThrow(
    'Anna has control of the microscope; ask for it first',
  );
  control.require(ben, 'observe', 'STOP');
});

test('what is asked for is handed over, kept, or taken back', () => {
  const { control, holder } = lease();
  expect(control.ask(anna)).toBe(true);
  expect(control.ask(ben)).toBe(false);
  expect(control.state.asking?.client).toBe(ben);
  expect(() => control.ask(carl)).toThrow('Ben has asked for control before');
  expect(() => control.answer(carl, true)).toThrow('Only who has the control can hand it over');
  control.answer(anna, false);
  expect([holder(), control.state.asking]).toEqual(['Anna', null]);
  control.ask(ben);
  // Who asks cannot grant it to itself.
  control.answer(ben, true);
  expect([holder(), control.state.asking]).toEqual(['Anna', null]);
  control.ask(ben);
  control.answer(anna, true);
  expect([holder(), control.state.asking]).toEqual(['Ben', null]);
  expect(() => control.require(anna, 'operate', 'a move')).toThrow('Ben has control');
});

test('an operator who does not answer for 30 s is not there', async () => {
  const { clock, control, holder } = lease();
  control.ask(anna);
  control.ask(ben);
  expect(control.state.asking?.until).toBe(clock.now() + 30);
  await clock.advance(29_999);
  expect(holder()).toBe('Anna');
  await clock.advance(1);
  expect([holder(), control.state.asking]).toEqual(['Ben', null]);
});

test('who goes leaves the control to who asked, or to whoever operates next', async () => {
  const { clock, control, holder } = lease();
  control.ask(anna);
  control.ask(ben);
  control.release(anna);
  expect(holder()).toBe('Ben');
  control.ask(carl);
  control.release(carl);
  await clock.advance(60_000);
  expect([holder(), control.state.asking]).toEqual(['Ben', null]);
  control.release(ben);
  expect(holder()).toBeNull();
  control.require(carl, 'operate', 'a move');
  expect(holder()).toBe('Carl');
});

test('who may only look on gets no control, whoever has it', () => {
  const { control, holder } = lease();
  control.require(guest, 'observe', 'a question');
  expect(() => control.require(guest, 'operate', 'positioner.move')).toThrow(
    'Guest may not do this: positioner.move needs "operate", it may "observe"',
  );
  expect(() => control.ask(guest)).toThrow('may "observe"');
  expect(holder()).toBeNull();
});
