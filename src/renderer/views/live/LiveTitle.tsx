import type { JSX } from 'react';
import type { FrameHeader } from '../../../shared/channels/camera.ts';
import { formatShort } from '../../../ui/index.ts';

const SOURCE_WORDS = { snap: 'Snap', live: 'Live', run: 'Run' } as const;

/** What the picture is: `Live FITC, camera, 50 ms`. */
export function LiveTitle(props: { readonly header: FrameHeader; readonly channels: readonly string[] }): JSX.Element {
  const { header, channels } = props;
  const shown = channels.length > 1 ? channels.join(' + ') : (header.channel ?? 'custom');
  return (
    <>
      <strong>{SOURCE_WORDS[header.source]}</strong>{' '}
      <span className="muted">
        {shown} · {header.camera} · {formatShort(header.exposureMs, 2)} ms
      </span>
    </>
  );
}
