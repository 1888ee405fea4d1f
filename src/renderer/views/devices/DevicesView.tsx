import { Microscope } from 'lucide-react';
import type { JSX } from 'react';
import { EmptyState, FailedDeviceCard, LockStrip } from '../../../ui/index.ts';
import { useCommands, useHost, useLock, useLockTone } from '../../stores/services.tsx';
import { CameraSection } from './CameraSection.tsx';
import { ConfigSection } from './ConfigSection.tsx';
import { LightsSection } from './LightsSection.tsx';
import { StageSection } from './StageSection.tsx';
import './devices.css';

/** Everything of the microscope that a hand may want to change: channel, lights, stage, camera. */
export function DevicesView(): JSX.Element {
  const session = useHost((state) => state.session);
  const cameras = useHost((state) => state.cameras);
  const lock = useLock();
  const tone = useLockTone();
  const commands = useCommands();
  if (session === null) {
    return (
      <EmptyState icon={<Microscope size={28} strokeWidth={1.5} aria-hidden />} title="No devices yet">
        The host has not said yet what this session consists of.
      </EmptyState>
    );
  }
  return (
    <div className="scroll devices">
      {lock !== null && <LockStrip reason={lock} tone={tone} />}
      {session.devices.map(({ name, state }) =>
        state.kind === 'failed' ? (
          <FailedDeviceCard
            key={name}
            name={name}
            {...state}
            onRetry={() => void commands.retryDevice(name)}
            locked={lock !== null}
          />
        ) : null,
      )}
      <ConfigSection />
      <LightsSection />
      <StageSection />
      {cameras.map((camera) => (
        <CameraSection key={camera.name} camera={camera} />
      ))}
    </div>
  );
}
