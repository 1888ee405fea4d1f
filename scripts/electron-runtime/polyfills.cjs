// Loaded before the app in tests: what Node 16 and V8 10.8 of the test Electron lack of what the app's Electron has.
require('core-js/proposals/explicit-resource-management');
require('core-js/proposals/async-explicit-resource-management');
require('core-js/actual/array/to-sorted');
require('core-js/actual/array/to-reversed');
require('core-js/actual/array/with');
require('core-js/actual/array/from-async');
require('core-js/actual/promise/with-resolvers');
require('core-js/actual/object/group-by');
require('core-js/actual/structured-clone');
require('core-js/actual/set');
require('core-js/actual/iterator');
const { webcrypto } = require('node:crypto');

if (!globalThis.crypto) globalThis.crypto = webcrypto;
globalThis.crypto.randomUUID ??= require('node:crypto').randomUUID;

AbortSignal.prototype.throwIfAborted ??= function throwIfAborted() {
  if (this.aborted) throw this.reason;
};
AbortSignal.any ??= (signals) => {
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
  }
  return controller.signal;
};
AbortSignal.timeout ??= (delay) => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error(`timed out after ${delay} ms`)), delay).unref();
  return controller.signal;
};

// Threads begin without them. Those of bundles come as text, and get along without.
const threads = require('node:worker_threads');
threads.Worker = class extends threads.Worker {
  constructor(filename, options = {}) {
    const execArgv = ['-r', __filename, ...(options.execArgv ?? [])];
    super(filename, options.eval ? options : { ...options, execArgv });
  }
};

// Nor do processes that it starts as Node: they inherit the environment. A backslash in there says that the next character counts as it is.
const quoted = __filename.replaceAll('\\', '\\\\');
process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --require="${quoted}"`.trim();
