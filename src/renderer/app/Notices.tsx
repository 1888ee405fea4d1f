import { Bell } from 'lucide-react';
import { type JSX, useEffect, useRef, useState } from 'react';
import { IconButton } from '../../ui/index.ts';
import { useView } from '../stores/services.tsx';

const SHOWN = 30;

/** Behind the bell: every notice of this visit, newest first. */
export function Notices(): JSX.Element {
  const past = useView((state) => state.pastToasts);
  const [isOpen, setOpen] = useState(false);
  const [seen, setSeen] = useState(0);
  const holder = useRef<HTMLDivElement>(null);
  const newest = past[past.length - 1]?.id ?? 0;
  useEffect(() => {
    if (!isOpen) return;
    const onPointerDown = (event: Event) => {
      if (event.target instanceof Node && !holder.current?.contains(event.target)) setOpen(false);
    };
    const onKeyDown = (event: KeyboardEvent) => event.key === 'Escape' && setOpen(false);
    window.addEventListener('pointerdown', onPointerDown);
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('pointerdown', onPointerDown);
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [isOpen]);
  return (
    <div className="notices" ref={holder}>
      <IconButton
        label={newest > seen ? 'Notices, new ones' : 'Notices'}
        className="top-icon"
        aria-expanded={isOpen}
        onClick={() => {
          setOpen(!isOpen);
          setSeen(newest);
        }}
      >
        <Bell size={16} aria-hidden />
        {newest > seen && <span className="bell-dot" />}
      </IconButton>
      {isOpen && (
        <section className="notices-list card scroll" aria-label="Past notices" data-open-menu="">
          {past.length === 0 && <p className="small muted">Nothing has been noticed in this visit.</p>}
          {[...past]
            .reverse()
            .slice(0, SHOWN)
            .map((toast) => (
              <article key={toast.id}>
                <strong className={toast.kind === 'error' ? 'is-danger' : toast.kind === 'warn' ? 'is-warn' : ''}>
                  {toast.title}
                </strong>
                {toast.times > 1 && <span className="faint"> × {toast.times}</span>}
                {toast.detail && <p className="small muted">{toast.detail}</p>}
              </article>
            ))}
        </section>
      )}
    </div>
  );
}
