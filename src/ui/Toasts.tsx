import { CircleCheck, CircleX, Info, TriangleAlert, X } from 'lucide-react';
import { type CSSProperties, type JSX, useEffect, useState } from 'react';
import { Button, IconButton } from './Button.tsx';
import { Pill } from './pieces.tsx';

export type ToastKind = 'done' | 'info' | 'warn' | 'error';

export interface Toast {
  readonly id: number;
  readonly kind: ToastKind;
  /** What happened. */
  readonly title: string;
  /** What was made safe, and the next step. */
  readonly detail?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** How often it came. */
  readonly times: number;
}

const SHOWN_AT_ONCE = 3;
const LIFETIME_MS = 8_000;

export function Toasts(props: {
  readonly toasts: readonly Toast[];
  readonly onClose: (id: number) => void;
  readonly place: CSSProperties;
}): JSX.Element {
  return (
    <section className="toasts" aria-label="Notices" aria-live="polite" style={props.place}>
      {props.toasts.slice(-SHOWN_AT_ONCE).map((toast) => (
        <ToastCard key={`${toast.id}-${toast.times}`} toast={toast} onClose={() => props.onClose(toast.id)} />
      ))}
    </section>
  );
}

function ToastCard({ toast, onClose }: { readonly toast: Toast; readonly onClose: () => void }): JSX.Element {
  const [hovered, setHovered] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new onClose must not start the time anew
  useEffect(() => {
    if (hovered || toast.kind === 'error') return;
    const timer = setTimeout(onClose, LIFETIME_MS);
    return () => clearTimeout(timer);
  }, [hovered, toast.kind]);
  return (
    <div
      className="toast"
      role={toast.kind === 'error' ? 'alert' : 'status'}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
    >
      <ToastIcon kind={toast.kind} />
      <strong>
        {toast.title} {toast.times > 1 && <Pill>× {toast.times}</Pill>}
      </strong>
      {toast.action ? (
        <Button
          look="word"
          onClick={() => {
            toast.action?.run();
            onClose();
          }}
        >
          {toast.action.label}
        </Button>
      ) : (
        <span />
      )}
      <IconButton label="Close notice" onClick={onClose}>
        <X size={14} aria-hidden />
      </IconButton>
      {toast.detail && <p>{toast.detail}</p>}
    </div>
  );
}

function ToastIcon({ kind }: { readonly kind: ToastKind }): JSX.Element {
  switch (kind) {
    case 'done':
      return <CircleCheck size={16} className="is-live" aria-hidden />;
    case 'info':
      return <Info size={16} className="muted" aria-hidden />;
    case 'warn':
      return <TriangleAlert size={16} className="is-warn" aria-hidden />;
    case 'error':
      return <CircleX size={16} className="is-danger" aria-hidden />;
  }
}
