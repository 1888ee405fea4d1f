import { Ellipsis } from 'lucide-react';
import { type JSX, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Button, IconButton } from '../../ui/index.ts';

export interface DockMenuProps {
  /** Whose menu it is: the title of the shown view. */
  readonly title: string;
  readonly onReset: () => void;
}

/** The three dots at the end of a tab strip. */
export function DockMenu({ title, onReset }: DockMenuProps): JSX.Element {
  const [place, setPlace] = useState<{ readonly top: number; readonly right: number } | null>(null);
  const holder = useRef<HTMLSpanElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const isOpen = place !== null;

  useEffect(() => {
    if (!isOpen) return;
    panel.current?.querySelector('button')?.focus();
    const onPointerDown = (event: Event) => {
      if (event.target instanceof Node && !panel.current?.contains(event.target)) setPlace(null);
    };
    const onKeyDown = (event: KeyboardEvent) => event.key === 'Escape' && setPlace(null);
    window.addEventListener('pointerdown', onPointerDown, true);
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('pointerdown', onPointerDown, true);
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [isOpen]);

  const open = () => {
    const rect = holder.current?.getBoundingClientRect();
    if (rect) setPlace(isOpen ? null : { top: rect.bottom + 3, right: window.innerWidth - rect.right });
  };
  const choose = (action: () => void) => () => {
    setPlace(null);
    action();
  };
  return (
    <span ref={holder}>
      <IconButton label={`${title} dock menu`} aria-haspopup="menu" aria-expanded={isOpen} onClick={open}>
        <Ellipsis size={14} aria-hidden />
      </IconButton>
      {place !== null &&
        createPortal(
          <div
            ref={panel}
            className="dock-menu card"
            role="menu"
            aria-label={`${title} dock`}
            data-open-menu=""
            style={place}
          >
            <Button look="ghost" role="menuitem" onClick={choose(onReset)}>
              Reset layout
            </Button>
          </div>,
          document.body,
        )}
    </span>
  );
}
