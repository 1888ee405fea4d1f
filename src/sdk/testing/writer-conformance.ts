import type { StreamAsset } from '../events/documents.ts';
import type { FrameSink } from '../storage/frame-sink.ts';
import type { Writer } from '../storage/writer.ts';
import { hasCode } from '../util/errors.ts';
import { type ConformanceCheck, expectThat, thrownBy } from './conformance.ts';

/** What the checks need of a backend. */
export interface WriterUnderTest {
  /** A writer that can be kicked off, each time anew and each time for another place. */
  readonly create: () => Promise<Writer> | Writer;
  /**
   * Frames of `source` that can be read back from what the writer has written, in order, when it is closed. Absent: not checked.
   * @param writer - made by `create`.
   */
  readonly readBack?: (writer: Writer, source: string) => Promise<readonly ArrayLike<number>[]>;
}

const SHAPE = [3, 4] as const;
const FRAMES = 5;

/** What every backend must do. */
export function writerChecks({ create, readBack }: WriterUnderTest): ConformanceCheck[] {
  const { signal } = new AbortController();
  const open = async (...names: string[]) => {
    const writer = await create();
    for (const name of names) writer.updateSource(name, 'uint16', SHAPE);
    const sinks = names.map((name) => writer.prepare(name));
    await writer.kickoff();
    return { writer, sinks: sinks as [FrameSink, ...FrameSink[]] };
  };
  const write = async (sink: FrameSink, frames = FRAMES, from = 0) => {
    for (let frame = from; frame < from + frames; frame++) {
      await sink.ready(signal);
      sink.write(pixels(frame), { time: 1_000_000 + frame, exposureMs: 10 });
    }
    if (frames > 0) await sink.acknowledged(from + frames - 1, signal);
  };
  const written = async (frames = FRAMES) => {
    const opened = await open('a');
    await write(opened.sinks[0], frames);
    return opened;
  };

  const checks: ConformanceCheck[] = [
    {
      title: 'says what its store is',
      async run() {
        const { mimetype } = await create();
        expectThat(/^[\w.+-]+\/[\w.+-]+$/.test(mimetype), `expected a MIME type, got "${mimetype}"`);
      },
    },
    {
      title: 'is open from kickoff until the last source has completed',
      async run() {
        const { writer, sinks } = await open('a', 'b');
        const states = [writer.isOpen];
        for (const sink of sinks) {
          await write(sink);
          await sink.close();
          states.push(writer.isOpen);
        }
        expectThat(states.join() === 'true,true,false', `expected true,true,false, got ${states}`);
      },
    },
    {
      title: 'refuses to declare or to forget a source while it is open',
      async run() {
        const { writer, sinks } = await open('a');
        const declared = await thrownBy(() => writer.updateSource('b', 'uint8', [1, 1]));
        const forgotten = await thrownBy(() => writer.clearSource('a'));
        await write(sinks[0], 1);
        await sinks[0].close();
        for (const error of [declared, forgotten]) {
          expectThat(hasCode(error, 'state/forbidden'), `expected state/forbidden, got ${error}`);
        }
      },
    },
    {
      title: 'counts frames, and takes over a copy of each',
      async run() {
        const { writer, sinks } = await open('a');
        const lent = pixels(0);
        await sinks[0].ready(signal);
        sinks[0].write(lent);
        lent.fill(0xffff);
        await write(sinks[0], FRAMES - 1, 1);
        const indices = writer.getIndicesWritten('a');
        await sinks[0].close();
        expectThat(indices === FRAMES, `expected ${FRAMES} frames, got ${indices}`);
        if (!readBack) return;
        const [first] = await readBack(writer, 'a');
        expectThat(first?.[0] === 1, `the first frame changed after write returned: ${first?.[0]} for 1`);
      },
    },
    {
      title: 'tells of each frame once, under one resource',
      async run() {
        const { writer, sinks } = await written();
        const told: StreamAsset[] = [];
        for (const upTo of [2, 2, FRAMES, FRAMES + 10]) told.push(...writer.collectStreamDocs('a', upTo));
        await sinks[0].close();
        const ranges = told.flatMap((asset) =>
          asset.name === 'stream_datum' ? [`${asset.doc.indices.start}-${asset.doc.indices.stop}`] : ['resource'],
        );
        expectThat(ranges.join() === `resource,0-2,2-${FRAMES}`, `expected resource,0-2,2-${FRAMES}, got ${ranges}`);
        const [first, ...others] = told;
        expectThat(first?.name === 'stream_resource' && first.doc.uri !== '', 'expected a URI in the resource');
        const known = first.doc.uid;
        const strays = others.filter(({ doc }) => !('stream_resource' in doc) || doc.stream_resource !== known);
        expectThat(strays.length === 0, 'expected every datum to name the resource');
      },
    },
    {
      title: 'begins anew with each prepare: counters, uid and store',
      async run() {
        const { writer, sinks } = await written();
        const [before] = writer.collectStreamDocs('a', FRAMES);
        await sinks[0].close();
        const again = writer.prepare('a');
        const counted = writer.getIndicesWritten('a');
        expectThat(counted === 0, `expected 0 frames after prepare, got ${counted}`);
        expectThat(writer.sources.get('a')?.streamResourceUid !== before?.doc.uid, 'expected a new uid after prepare');
        expectThat(again !== sinks[0], 'expected a new sink');
      },
    },
    {
      title: 'refuses a frame of another size or type, and counts nothing',
      async run() {
        const { writer, sinks } = await open('a');
        await write(sinks[0], 1);
        const wrong = [new Uint16Array(7), new Float32Array(SHAPE[0] * SHAPE[1])];
        const errors = [];
        for (const frame of wrong) errors.push(await thrownBy(() => sinks[0].write(frame)));
        const counted = writer.sources.get('a')?.framesWritten;
        await sinks[0].close();
        for (const error of errors) expectThat(hasCode(error, 'store/shape'), `expected store/shape, got ${error}`);
        expectThat(counted === 1, `expected 1 frame, got ${counted}`);
      },
    },
    {
      title: 'refuses a frame before kickoff and after close',
      async run() {
        const writer = await create();
        writer.updateSource('a', 'uint16', SHAPE);
        const early = await thrownBy(() => writer.prepare('a').write(pixels(0)));
        const { sinks } = await written(1);
        await sinks[0].close();
        const late = await thrownBy(() => sinks[0].write(pixels(1)));
        expectThat(early !== null, 'a frame before kickoff was taken');
        expectThat(late !== null, 'a frame after close was taken');
      },
    },
    {
      title: 'refuses one frame more than was announced',
      async run() {
        const writer = await create();
        writer.updateSource('a', 'uint16', SHAPE);
        const sink = writer.prepare('a', 2);
        await writer.kickoff();
        await write(sink, 2);
        const error = await thrownBy(() => sink.write(pixels(2)));
        await sink.close();
        expectThat(hasCode(error, 'store/over-capacity'), `expected store/over-capacity, got ${error}`);
      },
    },
    {
      title: 'closes once, however often it is told',
      async run() {
        const { writer, sinks } = await written(1);
        await Promise.all([sinks[0].close(), sinks[0].close()]);
        await sinks[0].close();
        await writer.complete('nobody');
        expectThat(!writer.isOpen, 'expected it to be closed');
      },
    },
    {
      title: 'lets go of who no longer wants to wait',
      async run() {
        const { sinks } = await written(1);
        const controller = new AbortController();
        const waiting = thrownBy(() => sinks[0].acknowledged(1000, controller.signal));
        controller.abort(new Error('enough'));
        const error = await waiting;
        await sinks[0].close();
        expectThat(error instanceof Error && error.message === 'enough', `expected the reason, got ${error}`);
      },
    },
  ];
  if (readBack) {
    checks.push({
      title: 'gives back the very pixels, in order',
      async run() {
        const { writer, sinks } = await written();
        await sinks[0].close();
        const frames = await readBack(writer, 'a');
        expectThat(frames.length === FRAMES, `expected ${FRAMES} frames, got ${frames.length}`);
        for (const [at, frame] of frames.entries()) {
          const expected = pixels(at);
          const wrong = expected.findIndex((value, pixel) => value !== frame[pixel]);
          expectThat(wrong < 0, `frame ${at}, pixel ${wrong}: ${frame[wrong]} for ${expected[wrong]}`);
        }
      },
    });
  }
  return checks;
}

/** Frame `number`: no pixel is 0, none is that of another frame. */
function pixels(number: number): Uint16Array {
  return Uint16Array.from({ length: SHAPE[0] * SHAPE[1] }, (_, pixel) => 1 + pixel + 100 * number);
}
