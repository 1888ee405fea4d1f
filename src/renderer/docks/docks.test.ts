import { describe, expect, test } from 'vitest';
import type { ViewDescriptor } from '../../shared/channels/session.ts';
import { layoutMemory } from './layout-memory.ts';
import { defaultModel, resizedWeights, viewsOf } from './layout-model.ts';

function view(name: string, position: ViewDescriptor['position'], layouts: ViewDescriptor['layouts']): ViewDescriptor {
  return { name, title: name, icon: 'puzzle', position, layouts, component: `redsun:${name}`, channels: [] };
}
const views = [
  view('devices', 'left', ['acquire']),
  view('live', 'center', ['acquire']),
  view('acquire', 'right', ['acquire']),
  view('log', 'bottom', ['acquire', 'review']),
  view('runs', 'left', ['review']),
  view('viewer', 'center', ['review']),
];

/** The tree in one line: `/left[devices]284`. */
function printed(node: { id?: string; weight?: number; children?: unknown[]; name?: string }): string {
  const children = (node.children ?? []) as (typeof node)[];
  if (children.length === 0) return node.name ?? '';
  return `${node.id}${node.weight ?? ''}(${children.map(printed).join(' ')})`;
}

describe('defaultModel', () => {
  test('puts views where their position says, the bottom under the centre only', () => {
    const model = defaultModel(views, 'acquire', { widthPx: 1432, heightPx: 820 }, false);
    expect(printed(model.layout)).toBe(
      'root(left284(devices) middle802(center670(live) bottom150(log)) right346(acquire))',
    );
  });
  test('leaves out docks that nobody is in', () => {
    const model = defaultModel(views, 'review', { widthPx: 1432, heightPx: 820 }, false);
    expect(printed(model.layout)).toBe('root(left300(runs) middle1132(center654(viewer) bottom166(log)))');
  });
  test('gives the left to the rail and folds the bottom in a narrow window', () => {
    const model = defaultModel(views, 'acquire', { widthPx: 1048, heightPx: 680 }, true);
    expect(printed(model.layout)).toBe('root(middle748(center649(live) bottom31(log)) right300(acquire))');
    expect(viewsOf(views, 'acquire', true).map(({ name }) => name)).toEqual(['live', 'acquire', 'log']);
  });
});

describe('resizedWeights', () => {
  test('sides keep their pixels, the centre takes the gain', () => {
    expect(resizedWeights([284, 802, 346], 1432, 1912)).toEqual([284, 1282, 346]);
  });
  test('weights need not be pixels', () => {
    expect(resizedWeights([20, 60, 20], 1000, 1200)).toEqual([200, 800, 200]);
  });
});

describe('layoutMemory', () => {
  function storage() {
    const map = new Map<string, string>();
    return {
      map,
      getItem: (key: string) => map.get(key) ?? null,
      setItem: (key: string, value: string) => void map.set(key, value),
      removeItem: (key: string) => void map.delete(key),
    };
  }
  const saved = { widthPx: 100, heightPx: 50, views: ['a', 'b'], model: { layout: { type: 'row', children: [] } } };

  test('gives back what was saved for the same views', () => {
    const memory = storage();
    layoutMemory(memory, 'acquire').write(saved);
    expect(layoutMemory(memory, 'acquire').read(['b', 'a'])).toEqual(saved);
    expect(layoutMemory(memory, 'review').read(['b', 'a'])).toBeNull();
  });
  test('starts anew when a view came or went', () => {
    const memory = storage();
    layoutMemory(memory, 'acquire').write(saved);
    expect(layoutMemory(memory, 'acquire').read(['a', 'b', 'c'])).toBeNull();
  });
  test.each(['not json', '{}', '{"version":0,"value":{}}', '{"version":1,"value":{"widthPx":1}}'])(
    'starts anew from %s',
    (text) => {
      const memory = storage();
      memory.setItem('redsun.docks.acquire', text);
      expect(layoutMemory(memory, 'acquire').read(['a', 'b'])).toBeNull();
    },
  );
  test('forgets', () => {
    const memory = storage();
    const layout = layoutMemory(memory, 'acquire');
    layout.write(saved);
    layout.forget();
    expect(memory.map.size).toBe(0);
  });
});
