// Whether a named test passes, and whether it notices that an implementation has been taken away.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { nodeBinary, toolEnvironment } from '../lib/prepare.mjs';
import { blankedText } from './blanks.mjs';

/** Tests of types: what must not compile. They fail in the compiler. */
export const isTypeTest = (file) => file.endsWith('.types.test.ts');

/**
 * Runs test files, or only the test `titles` in them, over a blanked SDK.
 * @returns {Promise<Map<string, string>>} `file > title` to passed, failed or skipped, and each file to passed or failed; empty when the run had to be ended
 */
export async function runTests(root, files, edits, { seconds = 60, titles = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'redsun-parity-'));
  try {
    const report = join(folder, 'report.json');
    const blanks = join(folder, 'edits.json');
    writeFileSync(blanks, JSON.stringify(edits));
    const args = [
      join(root, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--config',
      'scripts/sdk-parity/vitest.config.mjs',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...(titles.length > 0 ? ['-t', `^${titles.join(' > ').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`] : []),
      ...files,
    ];
    await new Promise((resolve) => {
      const child = spawn(nodeBinary(), args, {
        cwd: root,
        env: toolEnvironment({ REDSUN_BLANKS: blanks }),
        stdio: 'ignore',
      });
      const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
      child.on('exit', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    const outcomes = new Map();
    if (!existsSync(report)) return outcomes;
    for (const { name, status, assertionResults } of JSON.parse(readFileSync(report, 'utf8')).testResults) {
      const file = name.slice(root.length + 1);
      outcomes.set(file, status);
      for (const one of assertionResults) {
        outcomes.set([file, ...one.ancestorTitles, one.title].join(' > '), one.status);
      }
    }
    return outcomes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A compiler that keeps what it has parsed, and type checks test files over a blanked SDK. */
export function createTypeChecker(root) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.node.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const parsed = new Map();
  const host = ts.createCompilerHost({ ...options, noEmit: true }, true);
  const fromDisk = host.getSourceFile.bind(host);

  /** Faults inside the test `titles` of `file`, in words. */
  return function faultsIn(file, titles, edits) {
    host.getSourceFile = (path, languageVersion, ...rest) => {
      const text = blankedText(path, edits);
      if (text !== undefined) return ts.createSourceFile(path, text, languageVersion, true);
      if (!parsed.has(path)) parsed.set(path, fromDisk(path, languageVersion, ...rest));
      return parsed.get(path);
    };
    const path = join(root, file);
    const program = ts.createProgram([path], { ...options, noEmit: true }, host);
    const source = program.getSourceFile(path);
    if (!source) throw new Error(`${file}: there is no such test file`);
    const range = rangeOfTest(source, titles);
    if (!range) throw new Error(`${file}: no test is called "${titles.join(' > ')}"`);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .filter(({ start }) => start !== undefined && start >= range.start && start < range.end)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  };
}

/** Where `describe('a', () => it('b', ...))` is for the titles [a, b]. */
function rangeOfTest(node, [title, ...deeper]) {
  return ts.forEachChild(node, function visit(child) {
    if (
      ts.isCallExpression(child) &&
      ts.isStringLiteralLike(child.arguments[0] ?? child) &&
      child.arguments[0].text === title
    ) {
      return deeper.length > 0 ? rangeOfTest(child, deeper) : { start: child.getStart(), end: child.getEnd() };
    }
    return ts.forEachChild(child, visit);
  });
}
