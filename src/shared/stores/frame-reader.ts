import { z } from 'zod';
import type { FrameReader, OpenFrameReader, StreamResource } from '../../sdk/events/index.ts';
import { FRAME_AXES, type FrameIndex, frameIndexOf } from '../../sdk/storage/index.ts';
import { RedsunError } from '../../sdk/util/index.ts';
import type { ByteSource } from './byte-source.ts';
import { openStore } from './open-store.ts';
import { type Plane, readPlane } from './read-plane.ts';

/** Where in a store a frame is. */
export interface StoredFrame {
  /** Path of the array. */
  readonly array: string;
  readonly index: FrameIndex;
}

/** Where the stores are that documents tell of. */
export interface ZarrFramesOptions {
  /** The files below the URI of a stream_resource. */
  readonly openSource: (uri: string) => ByteSource;
  /**
   * Where the frames of a resource are, by their number; null when nothing remembers it. An acquisition that leaves places out, such as a
   * channel of every second time point, can only be read with it. Absent: frames fill their layout.
   */
  readonly placesOf?: (resource: StreamResource) => Promise<ReadonlyMap<number, StoredFrame> | null>;
}

const size = z.number().int().positive().nullable().default(1);
const parametersSchema = z.object({
  arrays: z.array(z.string()).nonempty(),
  order: z.array(z.enum(FRAME_AXES)).default(['t']),
  sizes: z.object({ t: size, p: size, c: size, z: size }),
});

/** Reads frames of `application/x-zarr` for a `Filler`: each is a `Plane`. */
export function zarrFrames({ openSource, placesOf }: ZarrFramesOptions): OpenFrameReader {
  return async (resource, signal): Promise<FrameReader> => {
    const parsed = parametersSchema.safeParse(resource.parameters);
    if (!parsed.success) {
      const what = z.prettifyError(parsed.error);
      throw new RedsunError('store/bad-parameters', `${resource.data_key}: stream_resource ${resource.uid}: ${what}`);
    }
    const { arrays, ...layout } = parsed.data;
    const source = openSource(resource.uri);
    const { images } = await openStore(source, signal);
    const places = (await placesOf?.(resource)) ?? null;

    function placeOf(frame: number): StoredFrame {
      if (!places) {
        const { p = 0, ...index } = frameIndexOf(layout, frame);
        return { array: arrays[p] ?? '', index };
      }
      const place = places.get(frame);
      if (!place) throw new RedsunError('store/no-plane', `frame ${frame} of ${resource.data_key} was never written`);
      return place;
    }

    return {
      async read({ start, stop }, readSignal) {
        const planes: Plane[] = [];
        for (let frame = start; frame < stop; frame++) {
          const { array, index } = placeOf(frame);
          const image = images.find(({ levels }) => levels[0]?.path === array);
          if (!image) throw new RedsunError('store/no-image', `there is no array "${array}" in ${resource.uri}`);
          planes.push(await readPlane(source, image, 0, { ...index }, readSignal));
        }
        return planes;
      },
      close: async () => {},
    };
  };
}
