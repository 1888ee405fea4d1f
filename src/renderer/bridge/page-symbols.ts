/** Chromium learned `Symbol.dispose` in version 134; classes name their methods by it when they are loaded, so this comes first. */
for (const name of ['dispose', 'asyncDispose'] as const) {
  if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`) });
}

export {};
