import type { Services } from '../stores/services.tsx';
import { createEscapeRule } from './escape-rule.ts';

/** The keys that work everywhere in the window. Keys of the image are the image's own. */
export function listenForShortcuts({ commands, view, host }: Pick<Services, 'commands' | 'view' | 'host'>): void {
  const isStop = createEscapeRule(() => performance.now());
  // In the capture phase, before anything that is focused: nothing may keep Esc from STOP.
  window.addEventListener('keydown', (event) => onKeyDown(event), true);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      if (!event.repeat && isStop(isBusyWithEscape())) void commands.stop('Esc');
      return;
    }
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  function actionOf(event: KeyboardEvent): (() => void) | null {
    const { key, ctrlKey, shiftKey, altKey } = event;
    const letter = key.toLowerCase();
    if (key === 'F6') return () => focusNextDock(shiftKey);
    if (altKey && !ctrlKey) {
      if (event.code === 'Digit1') return () => view.setState({ layout: 'acquire' });
      if (event.code === 'Digit3') return () => view.setState({ layout: 'review' });
      return null;
    }
    if (!ctrlKey) return null;
    if (shiftKey) return letter === 'l' ? () => void commands.allOff() : null;
    if (letter === 'k') return () => void commands.snap();
    if (letter === 'l') return () => void commands.toggleLive();
    if (key === 'Enter') return pressRun;
    if (event.code === 'Space') return pauseOrResume;
    return null;
  }

  function pauseOrResume(): void {
    const engine = host.getState().acquisition?.engine;
    if (engine === 'running') void commands.pause();
    else if (engine === 'paused') void commands.resume();
  }
}

/** A field with something typed in it, or an open menu, takes the first Esc. */
function isBusyWithEscape(): boolean {
  return (
    document.activeElement?.hasAttribute('data-editing') === true || document.querySelector('[data-open-menu]') !== null
  );
}

/** Run is the form's to start: it knows whether it is complete. What is being typed is taken over first. */
function pressRun(): void {
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
  requestAnimationFrame(() => document.querySelector<HTMLButtonElement>('.acquire .run-button')?.click());
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
