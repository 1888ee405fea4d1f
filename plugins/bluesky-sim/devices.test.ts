import { Status } from 'redsun/sdk/device';
import { describe, expect, test } from 'vitest';
import {
  AsyncMotor,
  BadDet,
  type BadMode,
  type CallLog,
  Det,
  FileDet,
  FlatFlyer,
  Flyer,
  LimitMotor,
  Motor,
  PageFlyer,
  Peak,
  Signal,
  StreamDet,
} from './index.ts';

const clock = { now: () => 1000 };
const reading = (value: unknown) => ({ value, timestamp: 1000 });
const uids = () => {
  let next = 0;
  return () => `uid-${next++}`;
};

test('devices that share a log tell in which order they were asked', () => {
  const calls: CallLog = [];
  const det = new Det('det', {}, { calls });
  const m1 = new Motor('m1', {}, { calls });
  det.stage();
  m1.set(2);
  det.trigger();
  m1.stop({ success: false });
  det.configure({ exposure: 0.5 });
  expect(calls).toEqual([
    ['det', 'stage'],
    ['m1', 'set', 2],
    ['det', 'trigger'],
    ['m1', 'stop', false],
    ['det', 'configure', { exposure: 0.5 }],
  ]);
});

describe('detectors', () => {
  test('a detector counts its triggers and can be configured', () => {
    const det = new Det('det', {}, { clock });
    expect(det.read()).toEqual({ det: reading(0) });
    det.trigger();
    expect(det.trigger().success).toBe(true);
    expect(det.read()).toEqual({ det: reading(2) });
    expect(det.configure({ exposure: 0.5 })).toEqual([
      { 'det-exposure': reading(0.1) },
      { 'det-exposure': reading(0.5) },
    ]);
    expect(() => det.configure({ exposure: 'long' })).toThrowError('exposure must be a number of s, not "long"');
  });

  test('a peak is at its centre, and half of that one step beside it', () => {
    const m1 = new Motor('m1');
    const peak = new Peak('peak', { motor: 'm1' }, { devices: new Map([['m1', m1]]) });
    const at = (um: number) => {
      m1.set(um);
      peak.trigger();
      return peak.value;
    };
    expect([0, 1, 2, 4].map(at)).toEqual([50, 100, 50, 10]);
  });

  test('a peak over a motor that is not there says so when it is triggered', () => {
    expect(() => new Peak('peak', { motor: 'm9' }).trigger()).toThrowError('peak: no motor "m9"');
  });

  test.each<[BadMode, (det: BadDet) => unknown, unknown]>([
    ['stage_raises', (det) => det.stage(), 'stage broke'],
    ['trigger_raises', (det) => det.trigger(), 'trigger broke'],
    ['trigger_fails', (det) => det.trigger().error?.message, 'hardware fault'],
    ['read_raises', (det) => det.read(), 'read broke'],
    ['read_none', (det) => det.read(), null],
  ])('%s from the second call on', (mode, call, failure) => {
    const outcome = (det: BadDet) => {
      try {
        return call(det);
      } catch (error) {
        return (error as Error).message;
      }
    };
    const det = new BadDet('bad', { mode, at: 2 });
    expect(outcome(det)).not.toEqual(failure);
    expect(outcome(det)).toEqual(failure);
    expect(outcome(det)).toEqual(failure);
  });
});

describe('detectors that write files', () => {
  test('one has a resource per stage and a datum per trigger', () => {
    const fd = new FileDet('fd', {}, { newUid: uids() });
    expect(() => fd.trigger()).toThrowError('fd: was triggered before it was staged');
    fd.stage();
    fd.trigger();
    expect(fd.read().fd?.value).toBe('uid-0/0');
    expect(fd.collectAssetDocs()).toMatchObject([
      { name: 'resource', doc: { uid: 'uid-0', spec: 'SIM_NPY', resource_path: 'fd.npy' } },
      { name: 'datum', doc: { resource: 'uid-0', datum_id: 'uid-0/0', datum_kwargs: { index: 0 } } },
    ]);
    expect(fd.collectAssetDocs()).toEqual([]);
    fd.stage();
    expect(fd.collectAssetDocs()).toMatchObject([{ name: 'resource', doc: { uid: 'uid-1' } }]);
  });

  test('one that streams tells of its store once, and of each frame once', async () => {
    const sd = new StreamDet('sd', {}, { newUid: uids() });
    sd.stage();
    sd.trigger();
    sd.trigger();
    const told = async (index?: number) => {
      const assets: unknown[] = [];
      for await (const { name, doc } of sd.collectAssetDocs(index)) {
        assets.push('indices' in doc ? [name, doc.indices] : [name, doc.uid]);
      }
      return assets;
    };
    expect(await told(1)).toEqual([
      ['stream_resource', 'uid-0'],
      ['stream_datum', { start: 0, stop: 1 }],
    ]);
    expect(await told()).toEqual([['stream_datum', { start: 1, stop: 2 }]]);
    expect(await told()).toEqual([]);
    expect(await sd.getIndex()).toBe(2);
  });

  test('one that streams step by step completes when it has all frames that it was prepared for', async () => {
    const sd = new StreamDet('sd', { step: 2 });
    sd.stage();
    sd.prepare(3);
    sd.kickoff();
    const completion = sd.complete();
    const seen: [number, boolean][] = [];
    for (let look = 0; look < 3; look++) seen.push([await sd.getIndex(), completion.done]);
    expect(seen).toEqual([
      [2, false],
      [3, true],
      [3, true],
    ]);
  });
});

describe('motors', () => {
  test('one arrives at once', () => {
    const m1 = new Motor('m1', { start_um: 1 }, { clock });
    expect(m1.set(3).success).toBe(true);
    expect(m1.read()).toEqual({ m1: reading(3), m1_setpoint: reading(3) });
  });

  test('one that waits to be told stays where it is when it is stopped', () => {
    const slow = new Motor('slow', { arrives: 'when_told' });
    const first = slow.set(3);
    expect(first.done).toBe(false);
    slow.arrive();
    expect([first.success, slow.position]).toEqual([true, 3]);
    const second = slow.set(9);
    slow.stop();
    expect([second.success, slow.position, slow.setpoint]).toEqual([true, 3, 9]);
  });

  test('one on a network answers later, and its staging is a status', async () => {
    const am = new AsyncMotor('am', { start_um: 2 });
    const located = am.locate();
    expect(located).toBeInstanceOf(Promise);
    expect(await located).toEqual({ setpoint: 2, readback: 2 });
    expect(am.stage()).toBeInstanceOf(Status);
  });

  test('one with limits says where it may not go', () => {
    const lim = new LimitMotor('lim', { low_um: -1, high_um: 1 });
    expect(() => lim.checkValue(1)).not.toThrow();
    expect(() => lim.checkValue(1.5)).toThrowError('lim: 1.5 um is outside its limits -1 to 1 um');
    expect(() => new LimitMotor('lim', { low_um: 1, high_um: 1 })).toThrowError('low_um 1 must be below high_um 1');
  });
});

test('a signal tells its value at once and after each change, until nobody listens', () => {
  const sig = new Signal('sig');
  const heard: unknown[] = [];
  const listener = (readings: ReturnType<Signal['read']>) => heard.push(readings.sig?.value);
  sig.subscribe(listener);
  sig.put(1);
  sig.set(2);
  sig.clearSub(listener);
  sig.put(3);
  expect(heard).toEqual([0, 1, 2]);
  expect(sig.get()).toBe(3);
});

describe('flyers', () => {
  test('one hands over events for a stream of its own', () => {
    const flyer = new Flyer('f', { points: 2 }, { clock });
    expect(Object.keys(flyer.describeCollect())).toEqual(['f_stream']);
    expect([...flyer.collect()].map(({ data }) => data)).toEqual([
      { f_x: 0, f_y: 0 },
      { f_x: 1, f_y: 1 },
    ]);
  });

  test('one leaves the naming of its stream to the plan', () => {
    expect(Object.keys(new FlatFlyer('f').describeCollect())).toEqual(['f_x', 'f_y']);
  });

  test('one hands over two pages', () => {
    const pages = [...new PageFlyer('f', { points: 2 }, { clock }).collectPages()];
    expect(pages.map(({ data }) => data)).toEqual([
      { f_x: [0, 1], f_y: [0, 1] },
      { f_x: [2, 3], f_y: [4, 9] },
    ]);
    expect(pages[1]?.timestamps).toEqual({ f_x: [1000, 1000], f_y: [1000, 1000] });
  });
});
