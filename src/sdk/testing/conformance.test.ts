// The suites for authors: what ships passes them, and each of many faults is caught by the check that is named for it.
import { describe, expect, test } from 'vitest';
import type { SafeState } from '../device/link.ts';
import type { PDevice } from '../device/protocols.ts';
import { finishedStatus, Status } from '../device/status.ts';
import type { DataKey, Reading, StreamAsset } from '../events/documents.ts';
import type { FrameMeta } from '../storage/frame-sink.ts';
import type { PixelArray, SourceInfo } from '../storage/source-info.ts';
import type { Clock } from '../util/clock.ts';
import { RedsunError } from '../util/errors.ts';
import { type ConformanceCheck, expectThat, thrownBy } from './conformance.ts';
import { deviceChecks } from './device-conformance.ts';
import { FakeAxis, FakeCamera, FakeDetector, FakeXYStage } from './fake-devices.ts';
import { fakeLinks } from './fake-link.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryWriter } from './memory-writer.ts';
import { writerChecks } from './writer-conformance.ts';

/** Titles of the checks that fail. */
async function failing(checks: readonly ConformanceCheck[]): Promise<string[]> {
  const titles: string[] = [];
  for (const { title, run } of checks) {
    const error = await thrownBy(run);
    if (error !== null) titles.push(title);
  }
  return titles;
}

test('a check fails with what was expected', async () => {
  const error = await thrownBy(() => expectThat(false, 'expected 1, got 2'));
  expect(error).toMatchObject({ code: 'conformance/failed', message: 'expected 1, got 2' });
  expect(await thrownBy(() => expectThat(true, ''))).toBeNull();
});

const readBack = async (writer: MemoryWriter, source: string) =>
  writer.frames.filter((frame) => frame.source === source).map(({ pixels }) => pixels);

describe('the memory writer', () => {
  const suite = {
    create: () => new MemoryWriter(),
    readBack: (writer: unknown, source: string) => readBack(writer as MemoryWriter, source),
  };
  for (const { title, run } of writerChecks(suite)) test(title, run);
});

class Lends extends MemoryWriter {
  protected override storeFrame(source: SourceInfo, frame: PixelArray, meta: FrameMeta): void {
    super.storeFrame(source, frame, meta);
    const last = this.frames.pop();
    if (last) this.frames.push({ ...last, pixels: frame });
  }
}
class Drops extends MemoryWriter {
  protected override storeFrame(source: SourceInfo, frame: PixelArray, meta: FrameMeta): void {
    super.storeFrame(source, frame, meta);
    if (source.framesWritten === 3) this.frames.pop();
  }
}
class Repeats extends MemoryWriter {
  override *collectStreamDocs(name: string, frames: number): Generator<StreamAsset> {
    const source = this.sources.get(name);
    if (source) source.collectionCounter = 0;
    yield* super.collectStreamDocs(name, frames);
  }
}
class Nameless extends MemoryWriter {
  override get mimetype(): string {
    return 'memory';
  }
}
class TakesAll extends MemoryWriter {
  protected override storeFrame(): void {}
}
class NeverCloses extends MemoryWriter {
  override async complete(): Promise<void> {}
}
class Deaf extends MemoryWriter {
  override acknowledged(name: string, index: number): Promise<void> {
    return index > 500 ? Promise.resolve() : super.acknowledged(name, index, new AbortController().signal);
  }
}
class Forgetful extends MemoryWriter {
  override async acknowledged(): Promise<void> {}
  override getIndicesWritten(name?: string | null): number {
    return Math.max(0, super.getIndicesWritten(name) - 1);
  }
}

describe('a faulty writer is caught', () => {
  test.each([
    ['keeps the buffer that it was lent', Lends, 'counts frames, and takes over a copy of each'],
    ['loses a frame', Drops, 'gives back the very pixels, in order'],
    ['tells of frames twice', Repeats, 'tells of each frame once, under one resource'],
    ['has no MIME type', Nameless, 'says what its store is'],
    ['takes frames of any size', TakesAll, 'refuses a frame of another size or type, and counts nothing'],
    ['takes frames before kickoff', TakesAll, 'refuses a frame before kickoff and after close'],
    ['takes more than was announced', TakesAll, 'refuses one frame more than was announced'],
    ['stays open', NeverCloses, 'is open from kickoff until the last source has completed'],
    ['ignores the signal', Deaf, 'lets go of who no longer wants to wait'],
    ['counts one too few', Forgetful, 'counts frames, and takes over a copy of each'],
  ])('that %s', async (_, type, title) => {
    const suite = {
      create: () => new type(),
      readBack: (writer: unknown, source: string) => readBack(writer as MemoryWriter, source),
    };
    expect(await failing(writerChecks(suite))).toContain(title);
  });
});

/** A detector and an axis as a plugin author would write them, and then with a fault each. */
class GoodDetector extends FakeDetector {
  override describeConfiguration(): Record<string, DataKey> {
    const [[key, described]] = Object.entries(super.describeConfiguration()) as [[string, DataKey]];
    return { [key]: { ...described, units: 's' } };
  }
}
class GoodAxis extends FakeAxis {
  override describeConfiguration(): Record<string, DataKey> {
    const [[key, described]] = Object.entries(super.describeConfiguration()) as [[string, DataKey]];
    return { [key]: { ...described, units: 'um/s' } };
  }
  override checkValue(value?: number): void {
    if (value !== undefined && value > this.limits.high) {
      throw new RedsunError('device/limit', `${this.name}: ${value} um is beyond ${this.limits.high} um`);
    }
  }
  override set(value: number): Status {
    if (value <= this.limits.high) return super.set(value);
    const status = new Status();
    status.setException(new RedsunError('device/limit', `${this.name}: ${value} um is beyond ${this.limits.high} um`));
    return status;
  }
}

describe.each([
  ['detector', () => new GoodDetector('det')],
  ['axis', () => new GoodAxis('z')],
  ['stage', () => new FakeXYStage('xy')],
  ['camera', () => new FakeCamera('camera')],
])('the fake %s', (_, make: () => PDevice) => {
  for (const { title, run } of deviceChecks({ create: () => ({ device: make(), clock: new ManualClock() }) })) {
    test(title, run);
  }
});

class Unkeyed extends GoodDetector {
  override describe(): Record<string, DataKey> {
    return { other: { source: 'SIM', dtype: 'number', shape: [], units: 'counts' } };
  }
}
class Mistyped extends GoodDetector {
  override read(): Record<string, Reading> {
    return { [this.name]: { value: 'three', timestamp: 1 } };
  }
}
class Misshapen extends GoodDetector {
  override describe(): Record<string, DataKey> {
    return { [this.name]: { source: 'SIM', dtype: 'array', shape: [3], units: 'counts' } };
  }
  override read(): Record<string, Reading> {
    return { [this.name]: { value: [1, 2], timestamp: 1 } };
  }
}
class Endless extends GoodDetector {
  override trigger(): Status {
    return new Status();
  }
}
class Unlimited extends GoodAxis {
  override checkValue(): void {}
}
class Elsewhere extends GoodAxis {
  override arrive(): void {
    super.arrive();
    this.position += 5;
  }
}
class Unstoppable extends GoodAxis {
  override stop(): void {
    throw new RedsunError('device/timeout', 'it does not stop');
  }
}
class OnceOnly extends GoodDetector {
  #staged = false;
  override stage(): readonly unknown[] {
    this.#staged = true;
    return [];
  }
  override unstage(): readonly unknown[] {
    if (!this.#staged) throw new RedsunError('device/not-staged', 'it was not staged');
    this.#staged = false;
    return [];
  }
}
class Roleless extends GoodDetector {
  readonly role = 'axis';
}
class Ticking extends GoodDetector {
  readonly clock: Clock;
  constructor(clock: Clock) {
    super('det');
    this.clock = clock;
  }
  override trigger(): Status {
    this.clock.setTimeout(() => {}, 3_600_000);
    return finishedStatus();
  }
}

describe('a faulty device is caught', () => {
  test.each<[string, (clock: Clock) => PDevice, string]>([
    ['has no unit', () => new FakeDetector('det'), 'gives numbers a unit'],
    ['describes other keys', () => new Unkeyed('det'), 'describes its readings as it reads them'],
    ['reads another type', () => new Mistyped('det'), 'describes its readings as it reads them'],
    ['reads another shape', () => new Misshapen('det'), 'describes its readings as it reads them'],
    ['never ends a trigger', () => new Endless('det'), 'finishes what it is triggered to do'],
    ['goes anywhere', () => new Unlimited('z'), 'refuses to go beyond its limits, with a message that names them'],
    ['arrives elsewhere', () => new Elsewhere('z'), 'goes where it may, and says so'],
    ['does not stop', () => new Unstoppable('z'), 'can be stopped at any time, and again'],
    ['cannot be unstaged twice', () => new OnceOnly('det'), 'is staged and unstaged, also twice and without the other'],
    ['claims a role that it cannot fill', () => new Roleless('det'), 'has what its role needs'],
    ['leaves a timer', (clock) => new Ticking(clock), 'leaves no timer behind when it has been stopped'],
    ['has no name', () => new GoodDetector(''), 'has the members of every device, and a name'],
  ])('that %s', async (_, make, title) => {
    const clocks: ManualClock[] = [];
    const create = () => {
      const clock = new ManualClock();
      clocks.push(clock);
      return { device: make(clock), clock };
    };
    expect(await failing(deviceChecks({ create }))).toContain(title);
    for (const clock of clocks) await clock.advance(3_600_000);
  });
});

describe('a driver over a link', () => {
  const TITLE = 'says over its link how the guardian makes it safe, if it shines or moves';
  const LINE = { kind: 'serial', path: 'COM7', baudRate: 9600, lineEnd: '\n' } as const;
  const halt = { send: 'HALT', expect: { kind: 'line', equals: 'OK' }, timeoutMs: 100 } as const;
  const suite = (order: SafeState['order'], steps: SafeState['steps'], device: PDevice = new GoodAxis('z')) => ({
    async create() {
      const links = fakeLinks(() => 'OK');
      const link = await links.openLink(LINE, device.name);
      await link.protect({ device: device.name, order, steps });
      return { device, clock: new ManualClock(), links };
    },
  });

  test('passes when it protects itself', async () => {
    expect(await failing(deviceChecks(suite('motion', [halt])))).toEqual([]);
  });

  test('need not when it neither shines nor moves', async () => {
    expect(await failing(deviceChecks(suite('motion', [], new GoodDetector('det'))))).not.toContain(TITLE);
  });

  test('is caught when it says nothing, says it of something else, or what the guardian cannot do', async () => {
    const pattern = { ...halt, expect: { kind: 'line-like', pattern: '(' } } as const;
    for (const faulty of [suite('motion', []), suite('light', [halt]), suite('motion', [pattern])]) {
      expect(await failing(deviceChecks(faulty))).toEqual([TITLE]);
    }
  });
});
