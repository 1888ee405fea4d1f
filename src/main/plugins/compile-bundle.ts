import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { RedsunError } from 'redsun/sdk/util';

/** What a bundle may import beside its own files and its own node_modules: lent by the app, one copy for all. */
export const SHARED_MODULES = [
  'redsun/sdk/util',
  'redsun/sdk/log',
  'redsun/sdk/events',
  'redsun/sdk/device',
  'redsun/sdk/device/kit',
  'redsun/sdk/virtual',
  'redsun/sdk/storage',
  'redsun/sdk/presenter',
  'redsun/sdk/view',
  'redsun/sdk/engine',
  'redsun/sdk/plans',
  'redsun/sdk/suspenders',
  'redsun/sdk/callbacks',
  'zod',
] as const;

/** What of Node a bundle with the permission `files` may import: enough to write a store, nothing to reach other programs with. */
const FILE_MODULES: readonly string[] = ['node:fs/promises', 'node:path', 'node:url'];

export interface CompileOptions {
  /** Folder of the bundle. */
  readonly folder: string;
  /** Modules of it that the result exports: `./camera.ts`. Each becomes a namespace `m0`, `m1`... */
  readonly modules: readonly string[];
  /** `host`: shared modules stay imports. `worker`: everything goes in. */
  readonly target:
    | { readonly kind: 'host' /** The manifest asks for it. */; readonly mayUseFiles: boolean }
    | { readonly kind: 'worker'; readonly appFolder: string };
}

/**
 * Compiles modules of a bundle to one CommonJS text.
 * @throws RedsunError `plugin/forbidden-import`, `plugin/unresolved-import`, `plugin/compile` naming file, line and reason.
 */
export async function compileBundle({ folder, modules, target }: CompileOptions): Promise<string> {
  const { build } = await import('esbuild');
  const root = realpathSync(folder);
  const contents = modules.map((module, index) => `export * as m${index} from ${JSON.stringify(module)};`).join('\n');
  try {
    const result = await build({
      stdin: { contents, resolveDir: root, sourcefile: 'redsun.yaml', loader: 'ts' },
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'neutral',
      target: 'node16.17',
      mainFields: ['module', 'main'],
      conditions: ['import', 'node'],
      sourcemap: 'inline',
      logLevel: 'silent',
      plugins: [
        {
          name: 'redsun-imports',
          setup(setup) {
            setup.onResolve({ filter: /.*/ }, (args) => {
              if (args.kind === 'entry-point' || args.pluginData === 'own') return undefined;
              const isShared = (SHARED_MODULES as readonly string[]).includes(args.path);
              if (isShared && target.kind === 'host') return { path: args.path, external: true };
              if (isShared && target.kind === 'worker') return resolveShared(args.path, target.appFolder);
              const fromBundle = isInside(root, args.resolveDir);
              if (target.kind === 'host' && FILE_MODULES.includes(args.path)) {
                if (target.mayUseFiles) return { path: args.path, external: true };
                return refused(args.path, 'the manifest does not ask for it: permissions: [files]');
              }
              // Shared modules compiled into a worker resolve their own imports freely.
              if (!fromBundle) return undefined;
              if (args.path.startsWith('.')) {
                const path = resolve(args.resolveDir, args.path);
                return isInside(root, path) ? undefined : refused(args.path, 'it leads out of the bundle');
              }
              return /^(node:|redsun\/|electron$)|^\//.test(args.path) || BUILT_IN.has(args.path.split('/')[0] ?? '')
                ? refused(
                    args.path,
                    `a bundle may import its own files, its own packages and ${SHARED_MODULES.join(', ')}`,
                  )
                : undefined;
            });
          },
        },
      ],
    });
    return result.outputFiles[0]?.text ?? '';
  } catch (cause) {
    throw compileError(root, cause);
  }
}

function resolveShared(path: string, appFolder: string): { path: string } | undefined {
  const sdk = /^redsun\/sdk\/([a-z/-]+)$/.exec(path);
  return sdk ? { path: resolve(appFolder, 'src', 'sdk', sdk[1] ?? '', 'index.ts') } : undefined;
}

/** Reaching Node from a bundle goes through the host: links, workers, writers. */
const BUILT_IN = new Set([
  'fs',
  'path',
  'os',
  'net',
  'http',
  'https',
  'child_process',
  'worker_threads',
  'crypto',
  'vm',
  'module',
  'process',
  'stream',
  'url',
  'util',
  'events',
  'buffer',
]);

function refused(path: string, why: string): { errors: { text: string }[] } {
  return { errors: [{ text: `Forbidden import "${path}": ${why}` }] };
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (!way.startsWith(`..${sep}`) && way !== '..' && !/^([a-zA-Z]:|[\\/])/.test(way));
}

interface EsbuildMessage {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number; readonly column: number } | null;
}

function compileError(folder: string, cause: unknown): RedsunError {
  const messages: readonly EsbuildMessage[] =
    typeof cause === 'object' && cause !== null && 'errors' in cause && Array.isArray(cause.errors) ? cause.errors : [];
  const first = messages[0];
  if (!first) return new RedsunError('plugin/compile', `The bundle in ${folder} could not be compiled`, { cause });
  const code = first.text.startsWith('Forbidden import')
    ? 'plugin/forbidden-import'
    : first.text.startsWith('Could not resolve')
      ? 'plugin/unresolved-import'
      : 'plugin/compile';
  const lines = messages.map(({ text, location }) =>
    location ? `${location.file}:${location.line}:${location.column + 1}: ${text}` : text,
  );
  return new RedsunError(code, `The bundle in ${folder} could not be compiled: ${lines.join('; ')}`, { cause });
}
