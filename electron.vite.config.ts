import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;
const alias = [
  { find: /^redsun\/sdk\/([a-z/-]+)$/, replacement: `${resolve(root, 'src/sdk')}/$1/index.ts` },
  { find: 'redsun/ui', replacement: resolve(root, 'src/ui/index.ts') },
];
/** The oldest Node that main and preload run in: that of the Electron which the tests use. */
const NODE_TARGET = 'node16.17';
const cjs = { format: 'cjs' as const, entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' };

export default defineConfig({
  main: {
    resolve: { alias },
    build: {
      target: NODE_TARGET,
      sourcemap: true,
      minify: false,
      // ESM-only packages go into the bundle: this Electron's main process has no `import`.
      externalizeDeps: { exclude: ['redsun', 'zarrita', '@zarrita/storage', 'numcodecs', 'yaml', 'zod'] },
      rollupOptions: {
        input: {
          index: resolve(root, 'src/main/index.ts'),
          cli: resolve(root, 'src/main/cli/main.ts'),
          'writer-worker': resolve(root, 'src/main/storage/writer/writer-worker.ts'),
          'host-process': resolve(root, 'src/main/electron/host-process.ts'),
          guardian: resolve(root, 'src/guardian/main.ts'),
          'recovery-worker': resolve(root, 'src/main/host/recovery/recovery-worker.ts'),
          'picture-worker': resolve(root, 'src/main/host/live/picture-worker.ts'),
        },
        output: cjs,
      },
    },
  },
  preload: {
    resolve: { alias },
    build: {
      target: NODE_TARGET,
      externalizeDeps: false,
      rollupOptions: { input: { index: resolve(root, 'src/preload/index.ts') }, external: ['electron'], output: cjs },
    },
  },
  renderer: {
    root: resolve(root, 'src/renderer'),
    resolve: { alias },
    plugins: [react()],
    base: './',
    build: {
      target: 'chrome108',
      cssMinify: 'lightningcss',
      minify: true,
      modulePreload: { polyfill: false },
      outDir: resolve(root, 'out/renderer'),
      emptyOutDir: true,
      rollupOptions: { input: { index: resolve(root, 'src/renderer/index.html') } },
    },
    worker: { format: 'es' },
  },
});
