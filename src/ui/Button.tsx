import type { ButtonHTMLAttributes, JSX, ReactNode } from 'react';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> {
  readonly look?: 'plain' | 'primary' | 'live' | 'discard' | 'ghost' | 'word';
  readonly size?: 'control' | 'bar' | 'run';
  readonly icon?: ReactNode;
  readonly pressed?: boolean;
}

export function Button(props: ButtonProps): JSX.Element {
  const { look = 'plain', size = 'control', icon, pressed, className, children, ...rest } = props;
  const classes = ['button', `look-${look}`, `size-${size}`, pressed ? 'is-pressed' : '', className ?? ''];
  return (
    <button type="button" className={classes.filter(Boolean).join(' ')} aria-pressed={pressed} {...rest}>
      {icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> {
  /** Read by screen readers and shown as the tooltip. */
  readonly label: string;
  readonly shortcut?: string;
  readonly pressed?: boolean;
}

export function IconButton({ label, shortcut, pressed, className, ...rest }: IconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      className={`icon-button ${pressed ? 'is-pressed' : ''} ${className ?? ''}`}
      aria-label={label}
      aria-pressed={pressed}
      title={shortcut ? `${label} (${shortcut})` : label}
      {...rest}
    />
  );
}
