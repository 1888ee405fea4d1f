import { Worker } from 'node:worker_threads';
import type { WorkerHandle } from 'redsun/sdk/device';
import { asError, toDisposable } from 'redsun/sdk/util';
import { compileBundle } from './compile-bundle.ts';

const BOOT = `
const { parentPort } = require('worker_threads');
const listen = module.exports.m0.createWorker((message, transfer) => parentPort.postMessage(message, transfer));
parentPort.on('message', listen);
`;

/** Starts a module of a bundle in a thread. Messages posted before it is compiled wait for it. */
export function startBundleWorker(folder: string, module: string, appFolder: string): WorkerHandle {
  const messages = new Set<(message: unknown) => void>();
  const errors = new Set<(error: Error) => void>();
  const fail = (thrown: unknown) => {
    for (const listener of [...errors]) listener(asError(thrown));
  };
  let ended = false;
  const started = compileBundle({ folder, modules: [module], target: { kind: 'worker', appFolder } }).then((code) => {
    const worker = new Worker(`${code}\n${BOOT}`, { eval: true, name: module, execArgv: [] });
    worker.on('message', (message: unknown) => {
      for (const listener of [...messages]) listener(message);
    });
    worker.on('error', fail);
    if (ended) void worker.terminate();
    return worker;
  });
  started.catch(fail);
  return {
    post(message, transfer = []) {
      started.then(
        (worker) => worker.postMessage(message, [...transfer]),
        () => {},
      );
    },
    onMessage(listener) {
      messages.add(listener);
      return toDisposable(() => void messages.delete(listener));
    },
    onError(listener) {
      errors.add(listener);
      return toDisposable(() => void errors.delete(listener));
    },
    async terminate() {
      ended = true;
      const worker = await started.catch(() => null);
      await worker?.terminate();
    },
  };
}
