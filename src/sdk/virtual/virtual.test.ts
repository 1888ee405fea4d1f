import { describe, expect, test } from 'vitest';
import { DocumentRouter } from '../events/document-router.ts';
import type { Document, DocumentName } from '../events/documents.ts';
import { type CallbackType, callbackFunction, type ProviderKey, VirtualContainer } from './container.ts';
import { isSignal, Signal } from './signal.ts';

class Stage {
  readonly name: string = 'stage';
  readonly moved = new Signal<[xUm: number]>();
  readonly halted = new Signal();
  readonly speedUm = 5;
}

class BigStage extends Stage {
  readonly homed = new Signal();
}

class Router extends DocumentRouter {
  readonly name = 'router';
}

describe('Signal', () => {
  test('slots hear emissions at once, in the order of connection, until they are disconnected', () => {
    const signal = new Signal<[number]>();
    const heard: string[] = [];
    const first = signal.connect((value) => heard.push(`a${value}`));
    signal.connect((value) => heard.push(`b${value}`));
    signal.emit(1);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    signal.emit(2);
    expect(heard).toEqual(['a1', 'b1', 'b2']);
  });

  test('a slot that was connected twice hears twice and is disconnected once at a time', () => {
    const signal = new Signal();
    let heard = 0;
    const slot = () => heard++;
    signal.connect(slot);
    signal.connect(slot);
    signal.emit();
    signal.disconnect(slot);
    signal.emit();
    expect(heard).toBe(3);
  });

  test('a slot that throws is reported and the others still run', () => {
    const signal = new Signal();
    const errors: unknown[] = [];
    const heard: string[] = [];
    signal.onSlotError = (error) => errors.push(error);
    const boom = new Error('boom');
    signal.connect(() => {
      throw boom;
    });
    signal.connect(() => heard.push('next'));
    signal.emit();
    expect([errors, heard]).toEqual([[boom], ['next']]);
  });

  test('slots that come or go during an emission count from the next one', () => {
    const signal = new Signal();
    const heard: string[] = [];
    const late = () => heard.push('late');
    const first = signal.connect(() => {
      heard.push('first');
      first[Symbol.dispose]();
      signal.connect(late);
    });
    signal.emit();
    expect(heard).toEqual(['first']);
    signal.emit();
    expect(heard).toEqual(['first', 'late']);
  });

  test('is recognised by its brand', () => {
    expect([isSignal(new Signal()), isSignal({ connect() {}, emit() {} }), isSignal(null)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('configuration', () => {
  test('is read through the container, with defaults', () => {
    const container = new VirtualContainer();
    container.setConfiguration({ schema_version: 1, frontend: 'electron' });
    const { schemaVersion, frontend, session, metadata } = container;
    expect([schemaVersion, frontend, session, metadata]).toEqual([1, 'electron', 'redsun', {}]);
  });

  test('keeps session and metadata that are given', () => {
    const container = new VirtualContainer();
    container.setConfiguration({ schema_version: 1, frontend: 'electron', session: 'cells', metadata: { user: 'x' } });
    expect([container.session, container.metadata]).toEqual(['cells', { user: 'x' }]);
  });

  test('cannot be read before it is set, nor set twice, nor assigned', () => {
    const container = new VirtualContainer();
    expect(() => container.session).toThrow('VirtualContainer is not configured');
    container.setConfiguration({ schema_version: 1, frontend: 'electron' });
    const again = () => container.setConfiguration({ schema_version: 2, frontend: 'electron' });
    expect(again).toThrow(expect.objectContaining({ code: 'state/forbidden' }));
    expect(() => Object.assign(container, { session: 'other' })).toThrow(TypeError);
    expect(container.schemaVersion).toBe(1);
  });
});

describe('signals', () => {
  test('are listed under the name of their owner, inherited ones too, in alphabetical order', () => {
    const container = new VirtualContainer();
    const stage = new BigStage();
    container.registerSignals(stage);
    expect([...(container.signals.get('stage') ?? [])]).toEqual([
      ['halted', stage.halted],
      ['homed', stage.homed],
      ['moved', stage.moved],
    ]);
  });

  test('can be listed under another name, and only some; unknown ones are skipped', () => {
    const container = new VirtualContainer();
    container.registerSignals(new Stage(), { name: 'xy', only: ['moved', 'speedUm', 'nothing'] });
    expect([...container.signals.keys()]).toEqual(['xy']);
    expect([...(container.signals.get('xy')?.keys() ?? [])]).toEqual(['moved']);
  });

  test('an owner without any is not listed, and one that registers again replaces its list', () => {
    const container = new VirtualContainer();
    container.registerSignals({ name: 'plain' });
    container.registerSignals(new Stage(), { only: ['moved'] });
    container.registerSignals(new Stage(), { only: ['halted'] });
    expect([...container.signals.keys()]).toEqual(['stage']);
    expect([...(container.signals.get('stage')?.keys() ?? [])]).toEqual(['halted']);
  });

  test('getters are not called to find them', () => {
    const container = new VirtualContainer();
    const owner = {
      name: 'x',
      get hardware(): never {
        throw new Error('asked the hardware');
      },
    };
    container.registerSignals(owner);
    expect(container.signals.size).toBe(0);
  });

  test('containers share nothing', () => {
    new VirtualContainer().registerSignals(new Stage());
    expect(new VirtualContainer().signals.size).toBe(0);
  });
});

describe('callbacks', () => {
  const plain = (_name: DocumentName, _doc: Document) => {};

  test('a router is registered under its own name or another, in order of registration', () => {
    const container = new VirtualContainer();
    const router = new Router();
    container.registerCallbacks(router);
    container.registerCallbacks(router, { name: 'second' });
    expect([...container.callbacks]).toEqual([
      ['router', router],
      ['second', router],
    ]);
  });

  test('a map registers its entries instead of the owner', () => {
    const container = new VirtualContainer();
    container.registerCallbacks({ name: 'owner' }, { callbackMap: { a: plain, b: new Router() } });
    expect([...container.callbacks.keys()]).toEqual(['a', 'b']);
    container.registerCallbacks({ name: 'not callable' }, { callbackMap: {} });
    expect(container.callbacks.size).toBe(2);
  });

  test('what was read is a copy', () => {
    const container = new VirtualContainer();
    (container.callbacks as Map<string, CallbackType>).set('x', plain);
    expect(container.callbacks.size).toBe(0);
  });

  test.each<[string, unknown]>([
    ['two parameters', plain],
    ['rest arguments', (..._all: unknown[]) => {}],
    ['none: it may read its arguments', () => {}],
    ['a method onDocument', { onDocument() {} }],
  ])('a callback with %s is taken', (_what, callback) => {
    const container = new VirtualContainer();
    container.registerCallbacks({ name: 'x' }, { callbackMap: { a: callback as CallbackType } });
    expect(container.callbacks.has('a')).toBe(true);
  });

  test.each<[string, unknown, string]>([
    ['one parameter', (_doc: unknown) => {}, 'its signature is not compatible with the expected (str, Document)'],
    ['three parameters', (_a: unknown, _b: unknown, _c: unknown) => {}, 'its signature is not compatible'],
    ['not callable', 5, '5 is not callable. A callback must be a DocumentRouter'],
  ])('a callback with %s is refused, and none of its map is registered', (_what, callback, message) => {
    const container = new VirtualContainer();
    const callbackMap = { good: plain, bad: callback as CallbackType };
    const register = () => container.registerCallbacks({ name: 'x' }, { callbackMap });
    expect(register).toThrow(TypeError);
    expect(register).toThrow(message);
    expect(container.callbacks.size).toBe(0);
  });

  test('any form becomes a function', () => {
    const seen: string[] = [];
    const object = { onDocument: (name: DocumentName) => void seen.push(name) };
    callbackFunction(object)('start', {} as Document);
    expect(seen).toEqual(['start']);
    expect(callbackFunction(plain)).toBe(plain);
  });
});

describe('providers', () => {
  const speed: ProviderKey<number> = { name: 'speed' };

  test('give what was provided, even when it is falsy', () => {
    const container = new VirtualContainer();
    container.provide(speed, 0);
    expect([container.require(speed), container.tryRequire(speed)]).toEqual([0, 0]);
  });

  test('what nobody provides is an error that names it, or undefined on request', () => {
    const container = new VirtualContainer();
    expect(() => container.require(speed)).toThrow('Nobody provides "speed"');
    expect(container.tryRequire(speed)).toBeUndefined();
  });
});
