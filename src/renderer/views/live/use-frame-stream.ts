import { useEffect, useState } from 'react';
import type { cameraChannel } from '../../../shared/channels/camera.ts';
import type { ChannelClient } from '../../../shared/ipc/bridge.ts';
import type { ImageController } from '../../canvas/index.ts';
import type { LiveFeed } from './live-feed.ts';

/** Enough for a window's picture; the host thins larger frames. */
const FIT_PIXELS = 1_048_576;
const FULL_PIXELS = 16_777_216;

/** Keeps a stream of frames open. Zoomed in, all pixels are asked for instead of what the window can show. */
export function useFrameStream(
  client: ChannelClient<typeof cameraChannel>,
  camera: string | null,
  controller: ImageController | null,
  feed: LiveFeed,
  onError: (error: Error) => void,
): void {
  const [zoomedIn, setZoomedIn] = useState(false);
  useEffect(() => {
    if (!controller) return;
    const subscription = controller.onChange(() => {
      const { image, view } = controller;
      const thinned = image.width * image.height > FIT_PIXELS;
      setZoomedIn(thinned && !view.fitted && view.scale > 0.6);
    });
    return () => subscription[Symbol.dispose]();
  }, [controller]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a client is made anew at each render and always means the same channel
  useEffect(() => {
    if (camera === null) return;
    const maxPixels = zoomedIn ? FULL_PIXELS : FIT_PIXELS;
    const stream = client.stream(
      'frames',
      { camera, maxPixels },
      (header, payload) => feed.show(header, payload),
      onError,
    );
    return () => stream[Symbol.dispose]();
  }, [camera, zoomedIn, feed]);
}
