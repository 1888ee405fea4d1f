import { CircleCheck, CircleHelp, ShieldAlert, TriangleAlert } from 'lucide-react';
import type { JSX } from 'react';
import { reasonInWords, type SafetyAct, type SafetyOutcome } from '../../shared/guardian/safety-act.ts';
import { Button, formatClock, formatNumber, Notice } from '../../ui/index.ts';
import { putAside } from '../stores/guardian-store.ts';
import { useGuardian, useServices, useView } from '../stores/services.tsx';

/** What the guardian did without the host, device by device; and that the host does not answer, as long as it does not. */
export function GuardianNotice(): JSX.Element | null {
  const { guardian } = useServices();
  const { host, silentMs, isActing, isReached, act } = useGuardian();
  const pressed = useView((state) => state.stopUnanswered);
  const isAway = host === 'silent' || host === 'gone';
  if (!isAway && act === null) return null;
  if (act === null && !isActing && pressed === null) return <HostAway host={host} silentMs={silentMs} />;
  const title = isAway ? awayWords(host, silentMs) : actTitle(act);
  return (
    <section className="stop-notice card" role="alertdialog" aria-label={title}>
      <header>
        <ShieldAlert size={18} aria-hidden />
        <h2>{title}</h2>
        {act && <span className="push small">{formatClock(act.time, 'milliseconds')}</span>}
      </header>
      <div className="stop-body">
        {act ? (
          <ActTable act={act} />
        ) : (
          <p>{isReached ? 'The guardian is making everything safe …' : 'The guardian cannot be reached either.'}</p>
        )}
        {!isReached && host === 'silent' && (
          <Notice tone="warn">STOP reaches nobody from this window. Use the switches of the devices.</Notice>
        )}
        <div className="row">
          {isAway ? (
            <span className="small muted">
              {host === 'gone' && !isOwnWindow()
                ? 'Start Redsun again to go on.'
                : 'This window goes on by itself when the host is back.'}
            </span>
          ) : (
            <Button look="primary" onClick={() => putAside(guardian.store)}>
              Read
            </Button>
          )}
        </div>
      </div>
    </section>
  );
}

/** The app starts its host again by itself; a browser's is somebody else's to start. */
function isOwnWindow(): boolean {
  return window.redsun !== undefined;
}

/** Claims no more than what came back. */
function actTitle(act: SafetyAct | null): string {
  const doubtful = act?.devices.filter(({ outcome }) => outcome !== 'confirmed').length ?? 0;
  if (doubtful === 0) return 'The guardian made everything safe';
  return `${doubtful} of ${act?.devices.length} devices are not known to be safe`;
}

function HostAway(props: { readonly host: 'silent' | 'gone' | 'well' | null; readonly silentMs: number }): JSX.Element {
  return (
    <div className="bridge-notice tone-warn" role="status">
      <ShieldAlert size={14} aria-hidden />
      {awayWords(props.host, props.silentMs)}. STOP goes to the guardian.
    </div>
  );
}

function awayWords(host: 'silent' | 'gone' | 'well' | null, silentMs: number): string {
  return host === 'gone' ? 'The host has ended' : `The host has not answered for ${formatNumber(silentMs / 1000, 1)} s`;
}

function ActTable({ act }: { readonly act: SafetyAct }): JSX.Element {
  const failed = act.devices.filter(({ outcome }) => outcome === 'failed');
  const by = act.by === null ? '' : ` by ${act.by}`;
  return (
    <>
      <p>
        The guardian told {act.devices.length === 1 ? 'the device' : 'every device'} to be safe, as{' '}
        {reasonInWords(act.reason)}
        {by}.{act.devices.length === 0 && ' Nothing was connected that shines or moves.'}
      </p>
      {act.devices.length > 0 && (
        <div className="stop-devices scroll">
          <table className="table">
            <thead>
              <tr>
                <th>
                  <span className="visually-hidden">Result</span>
                </th>
                <th>Device</th>
                <th>What came back</th>
                <th className="is-number">Time</th>
              </tr>
            </thead>
            <tbody>
              {act.devices.map((device) => (
                <tr key={device.device}>
                  <td>
                    <OutcomeIcon outcome={device.outcome} />
                  </td>
                  <td>{device.device}</td>
                  <td className="stop-answer">{outcomeWords(device)}</td>
                  <td className={`is-number ${device.outcome === 'failed' ? 'is-warn' : ''}`}>
                    <strong>{formatNumber(device.ms)} ms</strong>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {failed.length > 0 && (
        <Notice tone="warn">
          Look at {failed.map(({ device }) => device).join(', ')} now: nobody knows whether it is safe.
        </Notice>
      )}
    </>
  );
}

function OutcomeIcon({ outcome }: { readonly outcome: SafetyOutcome['outcome'] }): JSX.Element {
  switch (outcome) {
    case 'confirmed':
      return <CircleCheck size={14} className="is-live" aria-label="safe" />;
    case 'sent':
      return <CircleHelp size={14} className="is-warn" aria-label="told, does not answer" />;
    case 'failed':
      return <TriangleAlert size={14} className="is-warn" aria-label="not confirmed" />;
  }
}

function outcomeWords({ outcome, order, received, error }: SafetyOutcome): string {
  switch (outcome) {
    case 'confirmed':
      return `${order === 'light' ? 'Dark' : 'Still'}, it answered "${received}"`;
    case 'sent':
      return 'Told. It never answers, so nobody can know';
    case 'failed':
      return `${error}. It may still be ${order === 'light' ? 'lit' : 'moving'}`;
  }
}
