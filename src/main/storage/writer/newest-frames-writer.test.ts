import { describe, expect, test } from 'vitest';
import { writerChecks } from '../../../sdk/testing/index.ts';
import { NewestFramesWriter } from './newest-frames-writer.ts';

describe('the writer to memory does what every writer does', () => {
  const checks = writerChecks({
    create: () => new NewestFramesWriter('memory', 1e6),
    readBack: async (writer, source) =>
      (writer as NewestFramesWriter).frames.filter((frame) => frame.source === source).map(({ pixels }) => pixels),
  });
  for (const { title, run } of checks) test(title, run);
});

async function started(limitBytes: number) {
  const writer = new NewestFramesWriter('memory', limitBytes);
  writer.updateSource('camera', 'uint16', [2, 4]);
  const sink = writer.prepare('camera');
  await writer.kickoff();
  return { writer, sink };
}

test('only the newest frames are kept, up to the limit; all count', async () => {
  const { writer, sink } = await started(50);
  for (let frame = 0; frame < 1000; frame++) sink.write(new Uint16Array(8).fill(frame));
  expect(writer.frames.map(({ number, pixels }) => [number, pixels[0]])).toEqual([
    [997, 997],
    [998, 998],
    [999, 999],
  ]);
  expect(writer.getIndicesWritten('camera')).toBe(1000);
});

test('a frame larger than the limit is kept until the next one', async () => {
  const { writer, sink } = await started(1);
  for (const value of [7, 8]) sink.write(new Uint16Array(8).fill(value));
  expect(writer.frames.map(({ pixels }) => pixels[0])).toEqual([8]);
});

test('shapes that the Zarr writer refuses are refused in a dry run, too', () => {
  const writer = new NewestFramesWriter('memory', 1);
  expect(() => writer.updateSource('camera', 'uint16', [2])).toThrow(expect.objectContaining({ code: 'store/shape' }));
});
