import { expect, test } from 'vitest';
import type { FrameHeader } from '../../../shared/channels/camera.ts';
import { type Moment, pictureWords } from './picture-words.ts';

type Known = Pick<FrameHeader, 'source' | 'camera' | 'run'>;
const live: Known = { source: 'live', camera: 'camera', run: null };
const ofRun: Known = {
  source: 'run',
  camera: 'camera',
  run: { name: 'mda_0003', place: { t: 0, p: 1, c: 0, z: 4 } },
};
const moment = (bridge: Moment['bridge']['kind'], isLive: boolean, run: string | null = null): Moment => ({
  bridge: { kind: bridge },
  cameras: [{ name: 'camera', live: isLive }] as unknown as Moment['cameras'],
  acquisition: {
    engine: run === null ? 'idle' : 'running',
    run: run === null ? null : { name: run },
  } as unknown as Moment['acquisition'],
});

test('a picture is called Live only while the camera is live and the host can be heard', () => {
  expect(pictureWords(live, moment('open', true)).what).toBe('Live');
  expect(pictureWords(live, moment('open', false)).what).toBe('Last of Live');
  expect(pictureWords(live, moment('lost', true)).what).toBe('Last of Live');
  expect(pictureWords(live, { ...moment('open', true), cameras: [] }).what).toBe('Last of Live');
});

test('a frame of a run says of which, and where; after the run that it is the last', () => {
  const place = 'position 2, time 1, plane 5';
  expect(pictureWords(ofRun, moment('open', false, 'mda_0003'))).toEqual({ what: 'Run mda_0003', place, isNow: true });
  const last = { what: 'Last of mda_0003', place, isNow: false };
  expect(pictureWords(ofRun, moment('open', false))).toEqual(last);
  expect(pictureWords(ofRun, moment('open', false, 'mda_0004'))).toEqual(last);
  expect(pictureWords(ofRun, moment('lost', false, 'mda_0003'))).toEqual(last);
});

test('a snap is a snap, whatever goes on', () => {
  const snap: Known = { source: 'snap', camera: 'camera', run: null };
  for (const kind of ['open', 'lost'] as const) expect(pictureWords(snap, moment(kind, true)).what).toBe('Snap');
});
