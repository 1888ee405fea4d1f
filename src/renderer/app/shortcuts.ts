import type { Services } from '../stores/services.tsx';
import { addToast } from '../stores/window-store.ts';
import { createEscapeRule } from './escape-rule.ts';
import { type Shortcut, shortcutOf, takesText } from './shortcut-rule.ts';

const WORDS = { snap: 'Snap', live: 'Live', run: 'Run', resume: 'Resume' } as const;

/**
 * The keys of the whole window; keys of the image are the image's own. While a field takes letters, nothing that
 * moves, shines or runs happens by a key: STOP, pause and all lights off do.
 */
export function listenForShortcuts({ commands, view, host }: Pick<Services, 'commands' | 'view' | 'host'>): void {
  const isStop = createEscapeRule(() => performance.now());
  const actions: Readonly<Record<Shortcut['name'], () => void>> = {
    nextDock: () => focusNextDock(false),
    previousDock: () => focusNextDock(true),
    acquire: () => view.setState({ layout: 'acquire' }),
    review: () => view.setState({ layout: 'review' }),
    allOff: () => void commands.allOff(),
    pause: () => {
      if (host.getState().acquisition?.engine === 'running') void commands.pause();
    },
    resume: () => void commands.resume(),
    snap: () => void commands.snap(),
    live: () => void commands.toggleLive(),
    // Run is the form's to start: it knows whether it is complete.
    run: () => document.querySelector<HTMLButtonElement>('.acquire .run-button')?.click(),
  };
  // In the capture phase, before anything that is focused: nothing may keep Esc from STOP.
  window.addEventListener('keydown', (event) => onKeyDown(event), true);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      if (!event.repeat && isStop(isBusyWithEscape())) void commands.stop('Esc');
      return;
    }
    const shortcut = shortcutOf(event, host.getState().acquisition?.engine);
    if (!shortcut) return;
    event.preventDefault();
    event.stopPropagation();
    // A key that is held down repeats: one press is one picture, and Live must not flicker.
    if (event.repeat) return;
    if (shortcut.kind === 'acting' && takesText(document.activeElement)) {
      addToast(view, {
        kind: 'info',
        title: `${WORDS[shortcut.name]} waits for the field`,
        detail:
          'No key runs or lights anything while a field is typed in. Leave it first, by Tab or a click beside it.',
      });
      return;
    }
    actions[shortcut.name]();
  }
}

/** A field with something typed in it, or an open menu, takes the first Esc. */
function isBusyWithEscape(): boolean {
  return (
    document.activeElement?.hasAttribute('data-editing') === true || document.querySelector('[data-open-menu]') !== null
  );
}

function focusNextDock(back: boolean): void {
  const tabs = [...document.querySelectorAll<HTMLElement>('.docks .flexlayout__tab_button--selected')];
  if (tabs.length === 0) return;
  const docks = tabs.map((tab) => tab.closest('.flexlayout__tabset_container') ?? tab);
  const at = docks.findIndex((dock) => dock.contains(document.activeElement) || holdsFocus(dock));
  const next = at === -1 ? 0 : (at + (back ? -1 : 1) + tabs.length) % tabs.length;
  tabs[next]?.focus();
}

/** The contents of tabs lie beside the dock in the document, over the same place. */
function holdsFocus(dock: Element): boolean {
  const focused = document.activeElement;
  if (!focused || focused === document.body || focused.closest('.docks') === null) return false;
  const [inner, outer] = [focused.getBoundingClientRect(), dock.getBoundingClientRect()];
  const [x, y] = [inner.left + inner.width / 2, inner.top + inner.height / 2];
  return x >= outer.left && x <= outer.right && y >= outer.top && y <= outer.bottom;
}
