import type { FrameHeader } from '../../../shared/channels/camera.ts';
import type { HostMirror } from '../../stores/host-store.ts';

/** What is true of the microscope while a picture is on the screen. */
export type Moment = Pick<HostMirror, 'cameras' | 'acquisition'> & {
  readonly bridge: Pick<HostMirror['bridge'], 'kind'>;
};

export interface PictureWords {
  /** `Live`, `Last of Live`, `Snap`, `Run mda_0003`, `Last of mda_0003`. */
  readonly what: string;
  /** Where in the run, in words; empty: nobody said. */
  readonly place: string;
  /** It goes on: the next picture is on its way. */
  readonly isNow: boolean;
}

/** What a picture is, in words that hold now: a Live that has ended, or whose host is gone, is not called Live. */
export function pictureWords(header: Pick<FrameHeader, 'source' | 'camera' | 'run'>, moment: Moment): PictureWords {
  const isOpen = moment.bridge.kind === 'open';
  switch (header.source) {
    case 'snap':
      return { what: 'Snap', place: '', isNow: false };
    case 'live': {
      const isNow = isOpen && moment.cameras.some(({ name, live }) => name === header.camera && live);
      return { what: isNow ? 'Live' : 'Last of Live', place: '', isNow };
    }
    case 'run': {
      const { acquisition } = moment;
      const name = header.run?.name;
      const going = acquisition !== null && acquisition.engine !== 'idle' && acquisition.run !== null;
      const isNow = isOpen && going && (name === undefined || acquisition.run?.name === name);
      const named = name ?? 'a run';
      return { what: isNow ? `Run ${named}` : `Last of ${named}`, place: placeWords(header.run?.place ?? null), isNow };
    }
  }
}

const PLACE_WORDS: readonly (readonly [axis: string, word: string])[] = [
  ['p', 'position'],
  ['t', 'time'],
  ['z', 'plane'],
];

/** `position 2, time 1, plane 5`; counted from 1, as the sliders of Review do. */
function placeWords(place: Readonly<Record<string, number>> | null): string {
  if (place === null) return '';
  return PLACE_WORDS.flatMap(([axis, word]) => {
    const index = place[axis];
    return index === undefined ? [] : [`${word} ${index + 1}`];
  }).join(', ');
}
