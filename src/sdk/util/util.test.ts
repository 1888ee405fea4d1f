import { describe, expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { onAbort, toDisposable } from './disposable.ts';
import { asError, codeOf, hasCode, KeyError, RedsunError, RuntimeError, ValueError } from './errors.ts';
import { nearMiss, nearMissHint } from './near-miss.ts';
import { issuePath, jsonSchemaOf, type Schema, type SchemaResult, validateNow } from './schema.ts';
import { randomUid } from './uid.ts';

describe('errors', () => {
  test('carry a code, a message and the cause', () => {
    const cause = new Error('cable');
    const error = new RedsunError('device/timeout', 'z: no reply in 200 ms', { cause });
    expect(error).toMatchObject({
      name: 'RedsunError',
      code: 'device/timeout',
      message: 'z: no reply in 200 ms',
      cause,
    });
  });

  test.each([
    [new KeyError('x'), 'KeyError', 'key/unknown'],
    [new ValueError('x'), 'ValueError', 'value/invalid'],
    [new RuntimeError('x'), 'RuntimeError', 'state/forbidden'],
  ])("%s is Python's error of that name", (error, name, code) => {
    expect(error).toBeInstanceOf(RedsunError);
    expect([error.name, codeOf(error)]).toEqual([name, code]);
  });

  test('are told apart by code, wherever they were made', () => {
    expect(hasCode({ code: 'device/limit' }, 'device/limit')).toBe(true);
    expect(hasCode({ code: 'device/limit' }, 'device/busy')).toBe(false);
    for (const thing of [null, undefined, 'device/limit', {}]) expect(hasCode(thing, 'device/limit')).toBe(false);
    expect([codeOf({ code: 5 }), codeOf(new Error('x')), codeOf(null)]).toEqual(Array(3).fill('error/uncoded'));
  });

  test('an Error passes unchanged, anything else that was thrown is wrapped', () => {
    const error = new TypeError('x');
    expect(asError(error)).toBe(error);
    expect(asError('broken')).toMatchObject({ code: 'error/not-an-error', message: 'broken', cause: 'broken' });
  });
});

describe('near miss', () => {
  const devices = ['camera', 'stage-x', 'stage-y', 'laser-488'];
  test.each([
    ['camrea', 'camera'],
    ['Camera', 'camera'],
    ['stagex', 'stage-x'],
    ['laser-489', 'laser-488'],
    ['microphone', null],
    ['', null],
  ])('"%s" was meant to be %s', (word, meant) => {
    expect(nearMiss(word, devices)).toBe(meant);
  });

  test('the nearest wins over the first', () => {
    expect(nearMiss('stage-y', devices)).toBe('stage-y');
    expect(nearMiss('x', [])).toBeNull();
  });

  test('the hint is a sentence, or nothing', () => {
    expect(nearMissHint('camrea', devices)).toBe(' Did you mean "camera"?');
    expect(nearMissHint('microphone', devices)).toBe('');
  });
});

describe('disposables', () => {
  test('release once, however often they are disposed', () => {
    let released = 0;
    const held = toDisposable(() => released++);
    held[Symbol.dispose]();
    held[Symbol.dispose]();
    expect(released).toBe(1);
  });

  test('a listener hears an abort once, a later one at once, a disposed one never', () => {
    const controller = new AbortController();
    const heard: string[] = [];
    onAbort(controller.signal, () => heard.push('early'));
    onAbort(controller.signal, () => heard.push('disposed'))[Symbol.dispose]();
    expect(heard).toEqual([]);
    controller.abort();
    onAbort(controller.signal, () => heard.push('late'));
    expect(heard).toEqual(['early', 'late']);
  });

  test('a sleep with an aborted signal does not start a timer', async () => {
    const clock = new ManualClock();
    await expect(clock.sleep(5, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(clock.pending).toBe(0);
  });
});

describe('schemas', () => {
  const schemaOf = (result: SchemaResult<number> | Promise<SchemaResult<number>>, json?: Record<string, unknown>) => {
    const jsonSchema = json && { input: () => json, output: () => ({}) };
    return { '~standard': { version: 1, vendor: 'test', validate: () => result, jsonSchema } } as Schema<number>;
  };

  test('give the value or what is wrong with it', () => {
    expect(validateNow(schemaOf({ value: 5 }), '5')).toEqual({ value: 5 });
    expect(validateNow(schemaOf({ issues: [{ message: 'no' }] }), '5')).toEqual({ issues: [{ message: 'no' }] });
  });

  test('one that answers later is refused', () => {
    expect(validateNow(schemaOf(Promise.resolve({ value: 5 })), 5).issues).toHaveLength(1);
  });

  test('paths of issues are plain keys, whichever of the two forms they come in', () => {
    expect(issuePath({ message: 'x', path: ['channels', { key: 2 }, { key: 'config' }, Symbol.for('s')] })).toEqual([
      'channels',
      2,
      'config',
      'Symbol(s)',
    ]);
    expect(issuePath({ message: 'x' })).toEqual([]);
  });

  test('the JSON Schema is that of the input, and empty where a library has none', () => {
    expect(jsonSchemaOf(schemaOf({ value: 5 }, { type: 'number' }))).toEqual({ type: 'number' });
    expect(jsonSchemaOf(schemaOf({ value: 5 }))).toEqual({});
  });
});

test('uids are fresh lower-case UUIDs, version 4', () => {
  expect(randomUid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(randomUid()).not.toBe(randomUid());
});
