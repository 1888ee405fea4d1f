import { spawn } from 'node:child_process';
import { root, toolEnvironment } from './prepare.mjs';

/**
 * Runs a tool, keeps what it says, and ends it after its budget. It and what it starts are a group of their own, so that nothing of it is
 * left then, nor when somebody ends this program.
 * @returns its exit code, 1 when it was ended or could not be started, and its output.
 */
export function runTool(tool, args, { minutes, env = {} }) {
  return new Promise((resolve) => {
    const child = spawn(tool, args, {
      cwd: root,
      env: toolEnvironment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    const timer = setTimeout(() => {
      output += `\nended after its budget of ${minutes} min\n`;
      endGroup(child, 'SIGKILL');
      settle(1);
    }, minutes * 60_000);
    // A terminal tells its own group only; SIGTERM, as what a shell runs in the background does not hear SIGINT.
    const passOn = (_signal, number) => {
      endGroup(child, 'SIGTERM');
      process.exit(128 + number);
    };
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, passOn);
    const settle = (code) => {
      clearTimeout(timer);
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, passOn);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += error.message;
      settle(1);
    });
    child.on('close', (code) => settle(code ?? 1));
  });
}

function endGroup(child, signal) {
  if (process.platform === 'win32') {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // All of it has ended, and something that left the group holds the output open.
    if (error.code !== 'ESRCH') throw error;
  }
}
