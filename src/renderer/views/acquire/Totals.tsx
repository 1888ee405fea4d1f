import type { JSX } from 'react';
import type { Estimate } from '../../../shared/channels/acquisition.ts';
import { bytesAs, durationRangeAs, formatBytes, formatClock, formatNumber } from '../../../ui/index.ts';

/** Frames, bytes and time of what Run would start. */
export function Totals({ estimate }: { readonly estimate: Estimate | null }): JSX.Element {
  const size = estimate && bytesAs(estimate.bytes);
  const time = estimate && durationRangeAs(estimate.seconds.low, estimate.seconds.high);
  const left = estimate ? estimate.freeBytes - estimate.bytes : 0;
  const nowS = Date.now() / 1000;
  return (
    <div className="totals">
      <div>
        <span className="hint">Frames</span>
        <output aria-label="Total frames">{estimate ? formatNumber(estimate.frames) : '?'}</output>
      </div>
      <div>
        <span className="hint">Size</span>
        <output aria-label="Total size">
          {size ? size.value : '?'} <small>{size?.unit}</small>
        </output>
      </div>
      <div>
        <span className="hint">Time</span>
        <output aria-label="Total time">
          {time ? time.value : '?'} <small>{time?.unit}</small>
        </output>
      </div>
      <p className="small muted">
        {estimate && (
          <>
            <span className={left < 0 ? 'is-danger' : ''}>
              {left >= 0 ? `Fits, leaves ${formatBytes(left)}` : `Needs ${formatBytes(-left)} more space`}
            </span>
            <span className="push">
              {formatClock(nowS + estimate.seconds.high) === formatClock(nowS + estimate.seconds.low)
                ? `Ends ${formatClock(nowS + estimate.seconds.high)}`
                : `Ends ${formatClock(nowS + estimate.seconds.low)}–${formatClock(nowS + estimate.seconds.high)}`}
            </span>
          </>
        )}
      </p>
    </div>
  );
}
