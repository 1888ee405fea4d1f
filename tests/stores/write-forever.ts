import { startRamp } from './ramp-store.ts';

// Run as a program: writes frames into a folder until it is killed, and prints how many are acknowledged.

const [folder = '', layout] = process.argv.slice(2);
const size = layout === 'large' || layout === 'compressed' ? 512 : 96;
const options = layout === 'compressed' ? ({ compression: 'blosc-zstd', levels: 2 } as const) : {};
const camera = { name: 'camera', dtype: 'uint16', shape: [size, size], capacity: 100_000 } as const;
const run = await startRamp(folder, [camera], options);
for (let frames = 0; ; frames += 10) {
  await run.writeRamp(frames, frames + 10);
  process.stdout.write(`${run.writer.getIndicesWritten('camera')}\n`);
}
