// Flying devices with a writer inside the RunEngine, against sunflare 0.11.1, recorded in golden_fly.json.
import { afterAll, expect, test } from 'vitest';
import { Device, finishedStatus, type Status, statusOf } from '../../src/sdk/device/index.ts';
import { msg, type Plan, RunEngine } from '../../src/sdk/engine/index.ts';
import type { Document, DocumentName, StreamAsset } from '../../src/sdk/events/index.ts';
import { type FrameSink, type SourceInfo, Writer, withStorage } from '../../src/sdk/storage/index.ts';
import { ManualClock } from '../../src/sdk/testing/index.ts';
import { RuntimeError } from '../../src/sdk/util/index.ts';
import { type Json, listedDeviations, numberUids, outcome, plain, Replayed, recorded } from './replay.ts';

const golden = await recorded('golden_fly');
const replayed = new Replayed(golden);
afterAll(() => expect(replayed.forgotten).toEqual([]));

const DEVIATIONS = ['fly: an unknown data key is named', 'fly: frames that nobody tells of'];
test('each deviation has its row', async () => {
  const listed = await listedDeviations();
  expect(DEVIATIONS.filter((title) => !listed.includes(`| ${title} |`))).toEqual([]);
});

class TestWriter extends Writer {
  get mimetype(): string {
    return 'application/x-test';
  }
  override prepare(name: string, capacity = 0): FrameSink {
    this.storePath = 'file:///data/00000';
    return super.prepare(name, capacity);
  }
  protected override openStore(): void {}
  protected override storeFrame(): void {}
  protected override finalize(): void {}
  override async ready(): Promise<void> {}
  override async acknowledged(): Promise<void> {}
  protected override acknowledgedOf(source: SourceInfo): number {
    return source.framesWritten;
  }
}

class Camera extends withStorage(Device) {
  readonly #key: string;
  readonly #clock: ManualClock;
  #sink: FrameSink | null = null;
  #frames = 0;

  constructor(name: string, clock: ManualClock, key = `${name}:buffer:stream`) {
    super(name);
    this.#key = key;
    this.#clock = clock;
  }
  override describeConfiguration() {
    return { exposure: { source: 'settings', dtype: 'number' as const, shape: [] } };
  }
  override readConfiguration() {
    return { exposure: { value: 0.1, timestamp: 1 } };
  }
  prepare(frames: number): Status {
    this.#frames = frames;
    this.#storage.updateSource(this.name, 'uint16', [4, 6]);
    this.#sink = this.#storage.prepare(this.name, frames);
    return finishedStatus();
  }
  kickoff(): Status {
    return statusOf(
      async () => {
        await this.#storage.kickoff();
        for (let i = 0; i < this.#frames; i++) this.#sink?.write(new Uint16Array(24));
      },
      { label: `${this.name}: kickoff`, clock: this.#clock },
    );
  }
  complete(): Status {
    return statusOf(async () => this.#sink?.close(), { label: `${this.name}: complete`, clock: this.#clock });
  }
  describeCollect() {
    const key = { source: 'data', dtype: 'array' as const, shape: [1, 4, 6], dtype_numpy: '<u2', external: 'STREAM:' };
    return { [this.#key]: key };
  }
  *collectAssetDocs(index: number | null = null): Generator<StreamAsset> {
    const written = this.#storage.getIndicesWritten(this.name);
    yield* this.#storage.collectStreamDocs(this.name, index === null ? written : Math.min(written, index));
  }
  getIndex(): number {
    return this.#storage.getIndicesWritten(this.name);
  }
  get #storage() {
    if (!this.storage) throw new RuntimeError(`${this.name} has no storage`);
    return this.storage;
  }
}

async function run(make: (clock: ManualClock) => Camera[], frames: number[], rounds = 1) {
  const clock = new ManualClock();
  const cameras = make(clock);
  const faults: string[] = [];
  const engine = new RunEngine({ clock, onFault: (error) => faults.push(error.message) });
  const documents: [DocumentName, Document][] = [];
  engine.subscribe((name, doc) => documents.push([name, doc]));
  const writer = new TestWriter('w');
  for (const camera of cameras) camera.storage = writer;
  const [first, ...others] = cameras;
  function* all(command: string): Plan<void> {
    for (const camera of cameras) yield msg(command, camera, [], { group: command });
    yield msg('wait', null, [], { group: command });
  }
  function* plan(): Plan<void> {
    yield msg('open_run');
    for (let round = 0; round < rounds; round++) {
      for (const [at, camera] of cameras.entries()) yield msg('prepare', camera, [frames[at]], { group: 'prepare' });
      yield msg('wait', null, [], { group: 'prepare' });
      if (round === 0) yield msg('declare_stream', null, cameras, { name: 'stream', collect: true });
      yield* all('kickoff');
      yield* all('complete');
      yield msg('collect', first, others, { name: 'stream' });
    }
    yield msg('close_run');
  }
  const result = await outcome(() => clock.run(engine.run(plan())).then(({ exitStatus }) => exitStatus));
  return { result, documents, faults };
}

/** As recorded, without what deviations of the engine take away: the plan's name, versions and classes. */
function comparable(documents: [string, Record<string, unknown>][]): Json {
  const PYTHON = ['versions', 'object_classes', 'plan_type', 'plan_name'];
  const scrub = ([key, value]: [string, unknown]): [string, unknown] => {
    if (key === 'time') return [key, '<time>'];
    if (key === 'timestamps')
      return [key, Object.fromEntries(Object.keys(value as object).map((one) => [one, '<time>']))];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [key, value];
    return [key, Object.fromEntries(Object.entries(value).map(scrub))];
  };
  const scrubbed = documents.map(([name, doc]) => {
    const fields = Object.entries(doc).filter(([key]) => !PYTHON.includes(key));
    // Uids are numbered as they appear: in one order on both sides, as that of keys says nothing.
    return [name, Object.fromEntries(fields.sort(([a], [b]) => a.localeCompare(b)).map(scrub))];
  });
  return numberUids(plain(scrubbed));
}

test.each([
  ['one_cam_5', ['cam'], [5], 1],
  ['two_cams_equal', ['a', 'b'], [3, 3], 1],
  ['two_cams_unequal', ['a', 'b'], [3, 5], 1],
  ['two_rounds_same_stream', ['cam'], [2], 2],
])('%s: the documents of the reference', async (key, names, frames, rounds) => {
  const { result, docs } = golden[replayed.key(key)];
  const ours = await run((clock) => names.map((name) => new Camera(name, clock)), frames, rounds);
  expect(ours.result).toEqual(result);
  expect(comparable(ours.documents as unknown as [string, Record<string, unknown>][])).toEqual(comparable(docs));
});

test('fly: an unknown data key is named', async () => {
  const { result, docs } = golden[replayed.key('wrong_data_key')];
  expect(result.error).toBe('RuntimeError');
  const ours = await run((clock) => [new Camera('cam', clock, 'cam')], [2]);
  expect(ours.result).toEqual({
    error: 'RedsunError',
    message: expect.stringContaining(
      'data_key cam:buffer:stream that is not in the descriptor'.replace('data_key', 'dataKey'),
    ),
  });
  expect(ours.documents.map(([name]) => name)).toEqual(docs.map(([name]: [string]) => name));
  expect(ours.documents.at(-1)?.[1]).toMatchObject({ exit_status: 'fail', num_events: { stream: 0 } });
});

test('fly: frames that nobody tells of', async () => {
  const { faults } = await run((clock) => ['a', 'b'].map((name) => new Camera(name, clock)), [3, 5]);
  expect(faults).toEqual(['b: no document tells of its last 2 frames: another device of the stream has fewer']);
  const equal = await run((clock) => ['a', 'b'].map((name) => new Camera(name, clock)), [3, 3]);
  expect(equal.faults).toEqual([]);
});
