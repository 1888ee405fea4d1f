import { Eye, Hand, Users, X } from 'lucide-react';
import { type JSX, useEffect, useState } from 'react';
import { Button, IconButton, Pill } from '../../ui/index.ts';
import { useCommands, useHost, useLookingOn } from '../stores/services.tsx';

/** In the top bar when others are connected: who has the control, and the way to it. @param isCompact - there is no room for names */
export function ControlInBar({ isCompact }: { readonly isCompact: boolean }): JSX.Element | null {
  const commands = useCommands();
  const control = useHost((state) => state.control);
  const me = useMe();
  const holder = useLookingOn();
  if (!control || me === null) return null;
  const others = control.clients.filter(({ id }) => id !== me);
  if (holder === null) {
    if (others.length === 0) return null;
    const names = others.map(({ name }) => name).join('\n');
    return (
      <Pill
        title={`${control.holder ? 'You have control. Looking on' : 'Whoever begins has control. Connected'}:\n${names}`}
      >
        <Users aria-hidden />
        {isCompact ? others.length : others.length === 1 ? '1 other window' : `${others.length} other windows`}
      </Pill>
    );
  }
  const { asking } = control;
  const hasAsked = asking?.id === me;
  const deed = hasAsked ? () => commands.answerControl(false) : () => commands.askForControl();
  const [label, hint] = hasAsked
    ? ['Take back', 'You do not ask for control any more']
    : [
        'Ask for control',
        asking ? `${asking.name} has asked before` : `${holder} is asked. Without an answer you have it in 30 s`,
      ];
  return (
    <section className="row control-in-bar" aria-label="Control of the microscope">
      <Pill tone="warn" title={`${holder} has control of the microscope. STOP works here, too`}>
        <Eye aria-hidden />
        <span className="cut">
          {!isCompact && `Looking on: ${holder} has control`}
          {isCompact && !hasAsked && 'Looking on'}
          {isCompact && hasAsked && (
            <>
              Asked, <Countdown until={asking.until} />
            </>
          )}
        </span>
      </Pill>
      {hasAsked && !isCompact && (
        <span className="small muted">
          Asked, <Countdown until={asking.until} />
        </span>
      )}
      {isCompact ? (
        <IconButton
          label={label}
          className="top-icon"
          disabled={asking !== null && !hasAsked}
          onClick={() => void deed()}
        >
          {hasAsked ? <X size={16} aria-hidden /> : <Hand size={16} aria-hidden />}
        </IconButton>
      ) : (
        <Button
          size="bar"
          icon={<Hand size={16} aria-hidden />}
          disabled={asking !== null && !hasAsked}
          title={hint}
          onClick={() => void deed()}
        >
          {label}
        </Button>
      )}
    </section>
  );
}

/** For who has the control: somebody else would like to have it. */
export function ControlRequest(): JSX.Element | null {
  const commands = useCommands();
  const control = useHost((state) => state.control);
  const me = useMe();
  const running = useHost(({ acquisition }) => acquisition !== null && acquisition.engine !== 'idle');
  const asking = control?.asking;
  if (!asking || control.holder?.id !== me) return null;
  return (
    <section className="bridge-notice tone-warn" role="alertdialog" aria-label={`${asking.name} asks for control`}>
      <Hand size={14} aria-hidden />
      <span>
        {asking.name} asks for control of the microscope{running ? '; the run goes on' : ''}. Without an answer it gets
        it
        <Countdown until={asking.until} />.
      </span>
      <Button look="primary" onClick={() => void commands.answerControl(true)}>
        Hand over
      </Button>
      <Button onClick={() => void commands.answerControl(false)}>Keep control</Button>
    </section>
  );
}

function useMe(): string | null {
  return useHost(({ bridge }) => (bridge.kind === 'open' ? bridge.me.id : null));
}

/** @param until - Unix time, s */
function Countdown({ until }: { readonly until: number }): JSX.Element {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), 1000);
    return () => clearInterval(timer);
  }, []);
  return <>{Math.max(0, Math.ceil(until - now))} s</>;
}
