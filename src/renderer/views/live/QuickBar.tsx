import type { JSX } from 'react';
import { NumberField, Select } from '../../../ui/index.ts';
import { useCommands, useHost, useLock, useServices, useView } from '../../stores/services.tsx';

/** Channel, exposure, Z and step, where the window is too narrow for the devices beside the picture. */
export function QuickBar(): JSX.Element | null {
  const { view } = useServices();
  const commands = useCommands();
  const locked = useLock() !== null;
  const channels = useHost((state) => state.session?.channels);
  const channel = useHost((state) => state.light?.channel ?? null);
  const camera = useHost((state) => state.cameras[0]);
  const focus = useHost((state) => state.axes.find(({ kind }) => kind === 'z'));
  const zStepUm = useView((state) => state.zStepUm);
  return (
    <div className="quick-bar" role="toolbar" aria-label="Quick settings">
      {channels && channels.length > 0 && (
        <>
          <span className="muted">Channel</span>
          <Select
            label="Quick channel"
            options={channels.map(({ name }) => ({ value: name, label: name }))}
            value={channel}
            placeholder="custom"
            colour={channels.find(({ name }) => name === channel)?.colour}
            onSelect={(name) => void commands.selectChannel(name)}
            locked={locked}
          />
        </>
      )}
      {camera && (
        <>
          <span className="muted">Exposure</span>
          <NumberField
            label="Quick exposure"
            unit="ms"
            value={camera.settings.exposureMs}
            low={camera.limits.exposureMs.low}
            high={camera.limits.exposureMs.high}
            onCommit={(exposureMs) => void commands.applyCamera({ exposureMs })}
            locked={locked}
          />
        </>
      )}
      {focus && (
        <>
          <span className="muted">Z</span>
          <NumberField
            label="Quick Z"
            unit="µm"
            fixed
            value={focus.target ?? focus.position}
            low={focus.limits.low}
            high={focus.limits.high}
            step={zStepUm}
            onCommit={(target) => void commands.move(focus.name, target)}
            locked={locked}
          />
          <span className="muted">Step</span>
          <NumberField
            label="Quick step"
            unit="µm"
            value={zStepUm}
            low={0.01}
            onCommit={(step) => view.setState({ zStepUm: step })}
          />
        </>
      )}
    </div>
  );
}
