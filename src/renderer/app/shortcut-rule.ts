/** What a key may mean. `safe` things hold something or put it out; `acting` ones move, shine or run. */
export type Shortcut =
  | { readonly kind: 'window'; readonly name: 'nextDock' | 'previousDock' | 'acquire' | 'review' }
  | { readonly kind: 'safe'; readonly name: 'allOff' | 'pause' }
  | { readonly kind: 'acting'; readonly name: 'snap' | 'live' | 'run' | 'resume' };

export interface Key {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** What a key means; null: nothing of the window's. Ctrl and Alt together are AltGr, which types letters. */
export function shortcutOf({ key, code, ctrlKey, shiftKey, altKey }: Key, engine: string | undefined): Shortcut | null {
  const letter = key.toLowerCase();
  if (key === 'F6') return { kind: 'window', name: shiftKey ? 'previousDock' : 'nextDock' };
  if (altKey) {
    if (ctrlKey) return null;
    if (code === 'Digit1') return { kind: 'window', name: 'acquire' };
    return code === 'Digit3' ? { kind: 'window', name: 'review' } : null;
  }
  if (!ctrlKey) return null;
  if (shiftKey) return letter === 'l' ? { kind: 'safe', name: 'allOff' } : null;
  if (letter === 'k') return { kind: 'acting', name: 'snap' };
  if (letter === 'l') return { kind: 'acting', name: 'live' };
  if (key === 'Enter') return { kind: 'acting', name: 'run' };
  if (code !== 'Space') return null;
  return engine === 'paused' ? { kind: 'acting', name: 'resume' } : { kind: 'safe', name: 'pause' };
}

const TEXT_ROLES: ReadonlySet<string> = new Set(['textbox', 'searchbox', 'spinbutton', 'combobox']);
/** Inputs without a caret: a letter typed there goes nowhere. */
const WORDLESS_TYPES: ReadonlySet<string> = new Set([
  'button',
  'checkbox',
  'color',
  'file',
  'image',
  'radio',
  'range',
  'reset',
  'submit',
]);

/** What is asked of an element, so that the rule needs no page. */
export interface FocusedElement {
  readonly tagName: string;
  readonly isContentEditable?: boolean;
  getAttribute(name: string): string | null;
}

/** Whether letters go into this element. A list to choose from takes none. */
export function takesText(element: FocusedElement | null): boolean {
  if (element === null) return false;
  if (element.isContentEditable === true) return true;
  const tag = element.tagName.toLowerCase();
  if (tag === 'textarea') return true;
  if (tag === 'input') return !WORDLESS_TYPES.has((element.getAttribute('type') ?? 'text').toLowerCase());
  return tag !== 'select' && TEXT_ROLES.has(element.getAttribute('role') ?? '');
}
