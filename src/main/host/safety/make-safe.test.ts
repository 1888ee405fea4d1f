import { finishedStatus, type Light, type LightState, Status } from 'redsun/sdk/device';
import { ManualClock } from 'redsun/sdk/testing';
import { RedsunError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import { describe, expect, test } from 'vitest';
import { darkWords } from '../../../shared/channels/device-answer.ts';
import { makeDark, makeSafe } from './make-safe.ts';

type TurnOff = (light: TestLight) => void | Promise<void>;

/** A light that is on, and obeys as the test says. */
class TestLight implements Light {
  readonly role = 'light';
  readonly parent = null;
  readonly wavelengthNm = null;
  readonly powerMw = null;
  readonly changed = new Signal<[]>();
  readonly name: string;
  state: LightState = { on: true, intensityPercent: 50 };
  readonly #turnOff: TurnOff;

  constructor(name: string, turnOff: TurnOff) {
    this.name = name;
    this.#turnOff = turnOff;
  }
  turnOff = () => this.#turnOff(this);
  set = () => finishedStatus('set');
  read = () => ({});
  describe = () => ({});
  readConfiguration = () => ({});
  describeConfiguration = () => ({});
}

const off: TurnOff = (light) => {
  light.state = { ...light.state, on: false };
};

const tools = (clock: ManualClock) => ({ clock, whenFree: async () => {} });

describe('lights out', () => {
  test('is said of a light that says so itself', async () => {
    const clock = new ManualClock();
    const answers = await clock.run(makeDark([new TestLight('laser', off)], tools(clock)));
    expect(answers).toEqual([{ name: 'laser', risk: 'light', result: 'safe', answer: 'Off', ms: 0 }]);
    expect(darkWords(answers)).toBe('Lights off in 0 ms');
  });

  test('is not said of one that answers and does nothing', async () => {
    const clock = new ManualClock();
    const answers = await clock.run(makeDark([new TestLight('lamp', () => {})], tools(clock)));
    expect(answers).toMatchObject([{ name: 'lamp', result: 'unsafe', answer: 'It says that it is still on' }]);
    expect(darkWords(answers)).toBe('NOT KNOWN TO BE OFF: lamp (It says that it is still on). Look at it');
  });

  test('is not said of one that only says it is off until it is asked', async () => {
    const clock = new ManualClock();
    const forgetful = new TestLight('lamp', off);
    forgetful.read = () => {
      forgetful.state = { on: true, intensityPercent: 50 };
      return {};
    };
    expect(await clock.run(makeDark([forgetful], tools(clock)))).toMatchObject([{ result: 'unsafe' }]);
  });

  test('is not said of one that refuses, with its reason, nor of one that is silent', async () => {
    const clock = new ManualClock();
    const refuses = new TestLight('laser', () =>
      Promise.reject(new RedsunError('device/refused', 'E3 interlock open')),
    );
    const silent = new TestLight('lamp', () => new Promise<void>(() => {}));
    const answers = await clock.run(makeDark([refuses, silent], tools(clock)));
    expect(answers).toMatchObject([
      { name: 'laser', result: 'failed', answer: 'E3 interlock open' },
      { name: 'lamp', result: 'silent', ms: 500 },
    ]);
    expect(darkWords(answers)).toMatch(/^NOT KNOWN TO BE OFF: laser \(E3 interlock open\), lamp \(No answer in 500 ms/);
  });

  test('a light that the guardian holds is asked again when it lets go', async () => {
    const clock = new ManualClock();
    let held = true;
    const light = new TestLight('laser', (self) => {
      if (held) throw new RedsunError('link/held', 'held');
      off(self);
    });
    const whenFree = async () => {
      held = false;
    };
    expect(await clock.run(makeDark([light], { clock, whenFree }))).toMatchObject([{ result: 'safe' }]);
  });
});

test('motion is not called halted while a device says that it moves', async () => {
  const clock = new ManualClock();
  const axis = {
    ...{ name: 'z', parent: null, role: 'axis', units: 'um', changed: new Signal<[]>(), limits: { low: 0, high: 1 } },
    ...{ tolerance: 1, target: 1, position: 0, moving: true },
    ...{ readConfiguration: () => ({}), describeConfiguration: () => ({}), read: () => ({}), describe: () => ({}) },
    ...{ set: () => new Status(), stop: () => {}, locate: () => ({ setpoint: 1, readback: 0 }), checkValue: () => {} },
  };
  expect(await clock.run(makeSafe([axis], tools(clock)))).toMatchObject([
    { name: 'z', risk: 'motion', result: 'unsafe', answer: 'It says that it is still moving' },
  ]);
});
