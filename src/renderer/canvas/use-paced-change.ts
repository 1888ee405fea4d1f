import { useEffect, useReducer } from 'react';
import type { ImageController } from './image-controller.ts';

const REPAINT_MS = 100;

/** Renders again when the controller changes, ten times a second at most. */
export function usePacedChange(controller: ImageController | null): void {
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!controller) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let renderedMs = 0;
    const run = () => {
      timer = null;
      renderedMs = performance.now();
      render();
    };
    const subscription = controller.onChange(() => {
      if (timer !== null) return;
      timer = setTimeout(run, Math.max(0, renderedMs + REPAINT_MS - performance.now()));
    });
    render();
    return () => {
      subscription[Symbol.dispose]();
      if (timer !== null) clearTimeout(timer);
    };
  }, [controller]);
}
