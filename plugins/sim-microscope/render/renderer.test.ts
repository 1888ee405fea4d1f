import { expect, test } from 'vitest';
import type { PictureRequest } from './protocol.ts';
import { Renderer } from './renderer.ts';

function request(sizePx: number, originUm: readonly [number, number]): PictureRequest {
  return {
    kind: 'picture',
    id: 0,
    buffer: new SharedArrayBuffer(0),
    widthPx: sizePx,
    heightPx: sizePx,
    bitDepth: 16,
    noiseSeed: 1,
    pitchUm: 0.325,
    originUm,
    blurPx: 1.5,
    signals: [{ structure: 'fibres', electrons: 2000 }],
    backgroundElectrons: 20,
    readNoiseElectrons: 1.6,
    fullWellElectrons: 30_000,
    countsPerElectron: 2,
    offsetCounts: 100,
  };
}

test.each([512, 2048])('renders %s x %s px, resting and moving', (sizePx) => {
  const renderer = new Renderer({ kind: 'setup', seed: 1, specimenSizeUm: 6000, bleachDoseMwS: 400 });
  const out = new Uint16Array(sizePx * sizePx);
  const timed = (originUm: readonly [number, number]) => {
    const startedMs = performance.now();
    const mean = renderer.expose(request(sizePx, originUm), out);
    expect(mean).toBeGreaterThan(150);
    return `${(performance.now() - startedMs).toFixed(1)} ms`;
  };
  const first = timed([0, 0]);
  const [, resting] = [timed([0, 0]), timed([0, 0])];
  const [, moving] = [timed([3.1, 2.2]), timed([7.7, -4.1])];
  console.info(`${sizePx} px: first ${first}, resting ${resting}, moving ${moving}`);
});

test('beyond the edge of the specimen there is nothing', () => {
  const renderer = new Renderer({ kind: 'setup', seed: 1, specimenSizeUm: 500, bleachDoseMwS: 0 });
  const out = new Uint16Array(64 * 64);
  const empty = { ...request(64, [400, 400]), readNoiseElectrons: 0, backgroundElectrons: 0 };
  expect(renderer.expose(empty, out)).toBe(100);
  expect(renderer.expose({ ...empty, originUm: [0, 0] }, out)).toBeGreaterThan(150);
});
