import { startRamp } from './ramp-store.ts';

// Run as a program: writes frames into a folder until it is killed, and prints how many are acknowledged.

const [folder = '', layout] = process.argv.slice(2);
const size = layout === 'large' ? 512 : 96;
const run = await startRamp(folder, [{ name: 'camera', dtype: 'uint16', shape: [size, size], capacity: 100_000 }]);
for (let frames = 0; ; frames += 10) {
  await run.writeRamp(frames, frames + 10);
  process.stdout.write(`${run.writer.getIndicesWritten('camera')}\n`);
}
