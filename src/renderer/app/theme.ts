import type { WindowStore } from '../stores/window-store.ts';

/** Keeps the document's theme what the window's is. */
export function followTheme(view: WindowStore): void {
  const apply = (theme: string) => {
    document.documentElement.dataset.theme = theme;
  };
  apply(view.getState().theme);
  view.subscribe((state) => apply(state.theme));
}
