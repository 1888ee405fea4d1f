import type { JSX } from 'react';
import type { Estimate } from '../../../shared/channels/acquisition.ts';
import { bytesAs, durationRangeAs, formatNumber, formatSpan } from '../../../ui/index.ts';
import { roomWords, speedWords } from './room-words.ts';

/** Frames, bytes and time of what Run would start. */
export function Totals({ estimate }: { readonly estimate: Estimate | null }): JSX.Element {
  const size = estimate && bytesAs(estimate.bytes);
  const time = estimate?.seconds && durationRangeAs(estimate.seconds.low, estimate.seconds.high);
  const room = estimate && roomWords(estimate);
  const speed = estimate && speedWords(estimate);
  return (
    <div className="totals">
      <div>
        <span className="hint">Frames</span>
        <output aria-label="Total frames">{estimate ? formatNumber(estimate.frames) : '?'}</output>
      </div>
      <div>
        <span className="hint">Size{estimate?.bytesKind === 'atMost' ? ', at most' : ''}</span>
        <output aria-label="Total size">
          {size ? size.value : '?'} <small>{size?.unit}</small>
        </output>
      </div>
      <div title={estimate ? basisSentence(estimate) : undefined}>
        <span className="hint">Time{estimate?.seconds ? `, ${basisWord(estimate)}` : ''}</span>
        <output aria-label="Total time">
          {time ? time.value : '?'} <small>{time?.unit}</small>
        </output>
      </div>
      <p className="small muted">
        {estimate && (
          <>
            <span className={room?.tone}>{room?.words}</span>
            <span className="push">{endWords(estimate)}</span>
          </>
        )}
      </p>
      {speed && (
        <p className="small muted">
          <output aria-label="Disk speed" className={speed.tone}>
            {speed.words}
          </output>
        </p>
      )}
    </div>
  );
}

function endWords({ seconds }: Estimate): string {
  if (!seconds) return 'End unknown';
  const nowS = Date.now() / 1000;
  return `Ends ${formatSpan(nowS + seconds.low, nowS + seconds.high, nowS)}`;
}

const MOSTLY = 0.8;
const PARTLY = 0.2;

function basisWord({ learnt }: Estimate): string {
  return learnt >= MOSTLY ? 'learnt' : learnt >= PARTLY ? 'partly learnt' : 'a guess';
}

/** Where the time comes from, and what it leaves out. */
function basisSentence({ learnt, moves, messages, notes }: Estimate): string {
  const known = `${formatNumber(messages)} steps, ${Math.round(learnt * 100)} % of them as measured in earlier runs`;
  const moved = `${formatNumber(moves)} ${moves === 1 ? 'move' : 'moves'}`;
  return [`${known}, ${moved}.`, ...notes.map((note) => `${note}.`)].join(' ');
}
