// Runs programs and looks at them meanwhile.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

// -> {wall, cpu (user + system seconds), out}; fails loudly if the program fails.
export function run(command, { sample } = {}) {
  return new Promise((done, fail) => {
    // bash's `time` tells the times of the program alone, on descriptor 3.
    const timed = ['-c', 'TIMEFORMAT="%3R %3U %3S"; { time "$@" 2>&4; } 4>&2 2>&3', 'time', ...command];
    const child = sample ? spawn(command[0], command.slice(1)) : spawn('bash', timed, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    let out = '', talk = '', times = '';
    child.stdout.on('data', (bytes) => (out += bytes));
    child.stderr.on('data', (bytes) => (talk += bytes));
    child.stdio[3]?.on('data', (bytes) => (times += bytes));
    const sampling = sample && setInterval(() => sample(child.pid), 10);
    child.on('error', fail);
    child.on('close', (code) => {
      clearInterval(sampling);
      if (code !== 0) return fail(new Error(`${command.join(' ')}\nended with ${code}\n${talk}${out}`));
      const [wall, user, system] = times.split(' ').map(Number);
      done({ wall, cpu: user + system, out });
    });
  });
}

// Highest anonymous resident memory of a process, MB (10^6 bytes), by looking every 10 ms.
export async function anonymousPeak(command) {
  let peak = 0;
  await run(command, {
    sample(pid) {
      try {
        const found = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
        if (found) peak = Math.max(peak, (Number(found[1]) * 1024) / 1e6);
      } catch {
        // it has ended
      }
    },
  });
  return peak;
}
