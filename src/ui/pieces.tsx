import { CircleX, Info, Lock, TriangleAlert } from 'lucide-react';
import { type CSSProperties, type JSX, type ReactNode, useId } from 'react';

export type Tone = 'plain' | 'live' | 'warn' | 'danger' | 'accent';

export function Pill({
  tone = 'plain',
  title,
  children,
}: {
  readonly tone?: Tone;
  readonly title?: string;
  readonly children: ReactNode;
}): JSX.Element {
  return (
    <span className={`pill tone-${tone}`} title={title}>
      {children}
    </span>
  );
}

/** A titled part of a panel. */
export function Section(props: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}): JSX.Element {
  const id = useId();
  return (
    <section className="section" aria-labelledby={id}>
      <header>
        <h3 id={id}>{props.title}</h3>
        {props.aside && <div className="aside">{props.aside}</div>}
      </header>
      {props.children}
    </section>
  );
}

/** A label at the left, its control at the right. */
export function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }): JSX.Element {
  return (
    <div className="labelled">
      <span className="label" aria-hidden>
        {label}
      </span>
      {children}
    </div>
  );
}

export function Notice({
  tone,
  children,
}: {
  readonly tone: 'warn' | 'danger' | 'plain';
  readonly children: ReactNode;
}): JSX.Element {
  const Icon = tone === 'danger' ? CircleX : tone === 'warn' ? TriangleAlert : Info;
  return (
    <div className={`notice tone-${tone}`} role={tone === 'danger' ? 'alert' : 'status'}>
      <Icon size={14} aria-hidden />
      <div className="grow">{children}</div>
    </div>
  );
}

/** Says at the top of a form why it cannot be changed. */
export function LockStrip({ reason, tone }: { readonly reason: string; readonly tone: 'live' | 'warn' }): JSX.Element {
  return (
    <div className={`lock-strip tone-${tone}`} role="status">
      <Lock size={13} aria-hidden />
      <span className="cut">{reason}</span>
    </div>
  );
}

export function EmptyState(props: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}): JSX.Element {
  return (
    <div className="empty">
      {props.icon}
      <h3>{props.title}</h3>
      {props.children && <p>{props.children}</p>}
      {props.actions && <div className="row">{props.actions}</div>}
    </div>
  );
}

/** Part done, 0..1. */
export function Bar({
  label,
  part,
  colour,
}: {
  readonly label: string;
  readonly part: number;
  readonly colour?: string;
}): JSX.Element {
  const percent = Math.min(100, Math.max(0, part * 100));
  const style = { width: `${percent}%`, ...(colour ? { '--tint': colour } : {}) } as CSSProperties;
  return (
    <div
      className="bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
    >
      <i style={style} />
    </div>
  );
}
