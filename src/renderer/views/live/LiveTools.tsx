import { Crosshair, Maximize, SunDim } from 'lucide-react';
import type { JSX } from 'react';
import type { FrameHeader } from '../../../shared/channels/camera.ts';
import { formatNumber, IconButton, Pill, Segmented } from '../../../ui/index.ts';
import { type ImageController, usePacedChange, zoomLabel } from '../../canvas/index.ts';
import { useHost, useServices, useView } from '../../stores/services.tsx';

export interface LiveToolsProps {
  readonly controller: ImageController | null;
  readonly header: FrameHeader | null;
  readonly channels: readonly string[];
  /** null: all channels added up. */
  readonly only: string | null;
  readonly onOnly: (channel: string | null) => void;
  readonly crosshair: boolean;
  readonly onCrosshair: (shown: boolean) => void;
}

const ALL = ' all';

export function LiveTools(props: LiveToolsProps): JSX.Element {
  const { controller, header, channels, only, onOnly, crosshair, onCrosshair } = props;
  const { view } = useServices();
  const liveColour = useView((state) => state.liveColour);
  const chosenCamera = useView((state) => state.camera);
  const cameras = useHost((state) => state.cameras);
  usePacedChange(controller);
  const saturated = header?.saturated ?? 0;
  return (
    <div className="image-tools" role="toolbar" aria-label="Image tools">
      <IconButton label="Crosshair" pressed={crosshair} onClick={() => onCrosshair(!crosshair)}>
        <Crosshair size={14} aria-hidden />
      </IconButton>
      <IconButton label="Fit" shortcut="F" pressed={controller?.view.fitted ?? true} onClick={() => controller?.fit()}>
        <Maximize size={14} aria-hidden />
      </IconButton>
      <IconButton label="1 : 1" shortcut="Ctrl+0" onClick={() => controller?.oneToOne()}>
        <span className="small">1:1</span>
      </IconButton>
      <output className="zoom" aria-label="Zoom">
        {controller && header ? zoomLabel(controller.view.scale) : ''}
      </output>
      <span className="push row">
        {header && (
          <Pill tone={saturated >= 0.001 ? 'warn' : 'plain'}>
            <SunDim aria-hidden />
            Saturated {formatNumber(saturated * 100, 2)} %
          </Pill>
        )}
        {cameras.length > 1 && (
          <Segmented
            label="Camera"
            options={cameras.map(({ name }) => ({ value: name, label: name }))}
            value={cameras.some(({ name }) => name === chosenCamera) ? (chosenCamera ?? '') : (cameras[0]?.name ?? '')}
            onSelect={(camera) => view.setState({ camera })}
          />
        )}
        {channels.length > 1 ? (
          <Segmented
            label="Shown channels"
            options={[{ value: ALL, label: 'Composite' }, ...channels.map((name) => ({ value: name, label: name }))]}
            value={only !== null && channels.includes(only) ? only : ALL}
            onSelect={(value) => onOnly(value === ALL ? null : value)}
          />
        ) : (
          <Segmented
            label="Colours"
            options={[
              { value: 'colour', label: 'Colour' },
              { value: 'grey', label: 'Grey' },
            ]}
            value={liveColour ? 'colour' : 'grey'}
            onSelect={(value) => view.setState({ liveColour: value === 'colour' })}
          />
        )}
      </span>
    </div>
  );
}
