import type { WorkerModule } from 'redsun/sdk/device';
import type { PictureRequest, RampRequest, WorkerMessage, WorkerReply } from './protocol.ts';
import { fillRamp, Renderer } from './renderer.ts';

/** Runs in a thread of its own: pixels never cost the host's main thread anything. */
export const createWorker: WorkerModule = (reply) => {
  let renderer: Renderer | null = null;

  function render(request: PictureRequest | RampRequest): void {
    const { id, buffer } = request;
    const startedMs = performance.now();
    try {
      const pixels = request.widthPx * request.heightPx;
      const out = request.bitDepth <= 8 ? new Uint8Array(buffer, 0, pixels) : new Uint16Array(buffer, 0, pixels);
      if (renderer === null) throw new Error('a picture was asked for before the set-up');
      const meanCounts = request.kind === 'ramp' ? fillRamp(request, out) : renderer.expose(request, out);
      answer({ kind: 'rendered', id, buffer, meanCounts, renderMs: performance.now() - startedMs });
    } catch (thrown) {
      answer({ kind: 'failed', id, buffer, message: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  }

  function answer(message: WorkerReply): void {
    reply(message);
  }

  return (received) => {
    // From this bundle's own camera, on the other end of the channel.
    const message = received as WorkerMessage;
    switch (message.kind) {
      case 'setup':
        renderer = new Renderer(message);
        return;
      case 'illuminate':
        renderer?.illuminate(message.area, message.doses);
        return;
      case 'picture':
      case 'ramp':
        render(message);
    }
  };
};
