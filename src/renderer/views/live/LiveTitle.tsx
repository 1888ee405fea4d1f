import type { JSX } from 'react';
import type { FrameHeader } from '../../../shared/channels/camera.ts';
import { formatClock, formatShort } from '../../../ui/index.ts';
import { useHost } from '../../stores/services.tsx';
import { pictureWords } from './picture-words.ts';

/** What the picture is: `Live FITC, camera, 50 ms`; of one that stands still, when it was taken. */
export function LiveTitle(props: { readonly header: FrameHeader; readonly channels: readonly string[] }): JSX.Element {
  const { header, channels } = props;
  const bridge = useHost((state) => state.bridge);
  const cameras = useHost((state) => state.cameras);
  const acquisition = useHost((state) => state.acquisition);
  const { what, place, isNow } = pictureWords(header, { bridge, cameras, acquisition });
  // A picture without a channel stands under the name of its camera.
  const named = channels.filter((name) => name !== header.camera);
  const shown = named.length > 0 ? named.join(' + ') : (header.channel ?? 'custom');
  const facts = [place, shown, header.camera, `${formatShort(header.exposureMs, 2)} ms`];
  if (!isNow) facts.push(formatClock(header.time, 'seconds'));
  return (
    <>
      <strong>{what}</strong> <span className="muted">{facts.filter((fact) => fact !== '').join(' · ')}</span>
    </>
  );
}
