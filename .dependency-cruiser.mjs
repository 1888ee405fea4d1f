// Who may import whom; docs/decisions/0001 says why. Checked by `npm run layers`, and a test plants a fault.
const packages = (names) => `^(node_modules/)?(${names})(/|$)|node_modules/(${names})/`;
const forbid = (name, from, to) => ({ name, severity: 'error', from, to });

/** Each knows those before it: a file, a disk, the shape of a store, a run folder, who writes it. */
const STORAGE_FLOORS = ['files', 'target', 'layout', 'run', 'writer'];

export default {
  forbidden: [
    forbid(
      'sdk-imports-nothing-outside-itself',
      { path: '^src/sdk/', pathNot: '\\.test\\.ts$' },
      { pathNot: '^src/sdk/' },
    ),
    forbid(
      'sdk-ground-floor',
      { path: '^src/sdk/(log|events|util)/', pathNot: '\\.test\\.ts$' },
      { path: '^src/sdk/(device|virtual|presenter|view|engine|plans|storage|testing)/' },
    ),
    forbid(
      'sdk-devices-below-engine',
      { path: '^src/sdk/(device|storage|virtual)/', pathNot: '\\.test\\.ts$' },
      { path: '^src/sdk/(presenter|view|engine|plans|testing)/' },
    ),
    forbid(
      'testing-is-not-for-run-time',
      { path: '^(src/(sdk/(?!testing)|main|renderer|preload|shared)|plugins)/', pathNot: '\\.test\\.tsx?$|/testing/' },
      { path: '^src/sdk/testing/' },
    ),
    forbid(
      'shared-uses-sdk-and-zod',
      { path: '^src/shared/', pathNot: '^src/shared/stores/|\\.test\\.ts$' },
      { pathNot: '^src/(shared|sdk)/|node_modules/zod/' },
    ),
    forbid(
      'electron-in-three-places',
      { path: '^(src|plugins)/', pathNot: '^src/main/(electron/|index\\.ts$)|^src/preload/' },
      { path: packages('electron') },
    ),
    forbid(
      'ports-belong-to-the-guardian',
      { path: '^(src|plugins)/', pathNot: '^src/guardian/ports/|^src/main/drivers/serial/list-serial-ports\\.ts$' },
      { path: packages('serialport|@serialport/[^/]+|usb|node-hid') },
    ),
    forbid(
      'guardian-runs-nothing-of-others',
      { path: '^src/guardian/', pathNot: '\\.test\\.ts$' },
      { path: '^(src|plugins)/', pathNot: '^src/guardian/|^src/shared/guardian/|^src/sdk/(util|device)/index\\.ts$' },
    ),
    forbid(
      'host-knows-the-guardian-by-its-messages',
      { path: '^src/(?!guardian)|^plugins/', pathNot: '\\.test\\.ts$|/testing/' },
      { path: '^src/guardian/', pathNot: '^src/guardian/(messages|json-lines)\\.ts$' },
    ),
    forbid(
      'zarrita-in-shared-stores',
      { path: '^(src|plugins)/', pathNot: '^src/shared/stores/' },
      { path: packages('zarrita|@zarrita/[^/]+') },
    ),
    forbid(
      'numcodecs-in-codecs',
      { path: '^(src|plugins)/', pathNot: '^src/shared/stores/|^src/main/storage/writer/chunk-encoder\\.ts$' },
      { path: packages('numcodecs') },
    ),
    forbid(
      'drivers-are-siblings',
      { path: '^src/main/drivers/([^/]+)/', pathNot: '\\.test\\.ts$' },
      { path: '^src/main/', pathNot: '^src/main/drivers/$1/|^src/main/drivers/[^/]+\\.ts$' },
    ),
    ...STORAGE_FLOORS.slice(0, -1).map((room, floor) =>
      forbid(
        `storage-${room}-below`,
        { path: `^src/main/storage/${room}/`, pathNot: '\\.test\\.ts$' },
        { path: `^src/main/storage/(${STORAGE_FLOORS.slice(floor + 1).join('|')}|recover|catalogue|export)/` },
      ),
    ),
    forbid(
      'storage-writer-knows-no-recovery',
      { path: '^src/main/storage/writer/', pathNot: '\\.test\\.ts$' },
      { path: '^src/main/storage/(recover|catalogue|export)/' },
    ),
    forbid(
      'host-below-shells',
      { path: '^src/main/(host|plugins|storage|session)/', pathNot: '\\.test\\.ts$' },
      { path: '^src/main/(electron|serve|cli|app)/|^src/(renderer|preload)/' },
    ),
    forbid(
      'runs-know-no-presenter',
      { path: '^src/main/host/(run|run-storage|plans|safety|timings)/', pathNot: '\\.test\\.ts$' },
      { path: '^src/main/host/(presenters|building)/|^src/main/host/start-host\\.ts$' },
    ),
    forbid(
      'terminal-asks-through-channels',
      { path: '^src/main/cli/', pathNot: '\\.test\\.ts$' },
      { path: '^src/main/host/(run|run-storage|plans|presenters|safety|timings)/' },
    ),
    forbid('bridge-knows-no-shell', { path: '^src/main/ipc/' }, { path: '^src/main/(electron|serve|cli|host)/' }),
    forbid(
      'preload-is-thin',
      { path: '^src/preload/' },
      { pathNot: '^src/(preload|shared)/|node_modules/|^electron$' },
    ),
    forbid('renderer-not-main', { path: '^src/(renderer|ui)/' }, { path: '^src/(main|preload)/' }),
    forbid(
      'no-node-in-the-page',
      { path: '^src/(renderer|sdk|shared|ui)/', pathNot: '\\.test\\.tsx?$' },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'views-are-siblings',
      { path: '^src/renderer/views/([^/]+)/' },
      { path: '^src/renderer/(views|docks|app)/', pathNot: '^src/renderer/views/$1/' },
    ),
    forbid(
      'stores-below-views',
      { path: '^src/renderer/(stores|bridge)/' },
      { path: '^src/renderer/(views|docks|app)/' },
    ),
    forbid(
      'flexlayout-in-docks',
      { path: '^src/renderer/', pathNot: '^src/renderer/docks/' },
      { path: packages('flexlayout-react') },
    ),
    forbid(
      'plugins-see-only-the-sdk',
      { path: '^(plugins|e2e/fixtures/bundles)/([^/]+)/' },
      { path: '^(src|plugins)/', pathNot: '^src/(sdk|ui)/|^$1/$2/' },
    ),
    forbid(
      'e2e-sees-a-black-box',
      { path: '^e2e/', pathNot: '^e2e/fixtures/bundles/' },
      { path: '^src/', pathNot: '^src/shared/' },
    ),
    forbid('no-cycles', { path: '^(src|plugins)/' }, { circular: true }),
    forbid('no-unresolvable', {}, { couldNotResolve: true }),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
