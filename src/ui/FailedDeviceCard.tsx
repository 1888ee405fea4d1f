import { CircleX, PlugZap, RefreshCw } from 'lucide-react';
import type { JSX } from 'react';
import { Button } from './Button.tsx';
import { formatClock } from './format.ts';
import { Pill } from './pieces.tsx';

export interface FailedDeviceCardProps {
  readonly name: string;
  readonly reason: string;
  readonly code: string;
  /** Unix time, s. */
  readonly since: number;
  readonly attempts: number;
  /** Channels that do not work without it. */
  readonly affects: readonly string[];
  readonly onRetry: () => void;
  readonly locked: boolean;
}

/** Stands where the controls of a device would be that could not be started. */
export function FailedDeviceCard(props: FailedDeviceCardProps): JSX.Element {
  const { name, reason, code, since, attempts, affects, onRetry, locked } = props;
  return (
    <article className="device-card" aria-label={`${name} failed`}>
      <div className="row">
        <PlugZap size={16} className="is-danger" aria-hidden />
        <h4>{name}</h4>
        <Pill tone="danger">
          <CircleX aria-hidden />
          Failed
        </Pill>
        <span className="push small faint">
          {formatClock(since, 'seconds')}
          {attempts > 1 ? `, ${attempts} times` : ''}
        </span>
      </div>
      <dl>
        <dt>What happened</dt>
        <dd>{reason}</dd>
        <dt>Next step</dt>
        <dd>Check power, cable and the session file, then retry.</dd>
        <dt>Affects</dt>
        <dd>{affects.length === 0 ? 'No channel.' : `Channel ${affects.join(', ')}.`} Other devices work.</dd>
      </dl>
      <div className="row">
        <Button look="primary" icon={<RefreshCw size={14} aria-hidden />} onClick={onRetry} disabled={locked}>
          Retry
        </Button>
        <span className="push hint mono">{code}</span>
      </div>
    </article>
  );
}
