import { useEffect, useState } from 'react';
import type { cameraChannel } from '../../../shared/channels/camera.ts';
import type { ChannelClient } from '../../../shared/ipc/bridge.ts';
import type { ImageController } from '../../canvas/index.ts';
import { FIRST_FRAMES, type FramesWanted, framesWanted, isEnough } from './frames-wanted.ts';
import type { LiveFeed } from './live-feed.ts';

/** A screen shows no more. */
const MAX_FPS = 60;

/** Keeps a stream of frames open: of what is in sight, as fine as the screen can show it. A move asks anew; what is shown stays until then. */
export function useFrameStream(
  client: ChannelClient<typeof cameraChannel>,
  camera: string | null,
  controller: ImageController | null,
  feed: LiveFeed,
  onError: (error: Error) => void,
): void {
  const [wanted, setWanted] = useState<FramesWanted>(FIRST_FRAMES);
  useEffect(() => {
    if (!controller) return;
    const subscription = controller.onChange(() => {
      const { image, view, screen, ratio } = controller;
      // Nothing has come yet.
      if (controller.layers.length === 0) return;
      setWanted((asked) =>
        isEnough(asked, image, view, screen, ratio) ? asked : framesWanted(image, view, screen, ratio),
      );
    });
    return () => subscription[Symbol.dispose]();
  }, [controller]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a client is made anew at each render and always means the same channel
  useEffect(() => {
    if (camera === null) return;
    const stream = client.stream(
      'frames',
      { camera, ...wanted, maxFps: MAX_FPS },
      (header, payload) => feed.show(header, payload),
      onError,
    );
    return () => stream[Symbol.dispose]();
  }, [camera, wanted, feed]);
}
