/** What a figure was measured on: processor, Node and the commit with its date, and nothing that names the machine. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';

/** `date` stands for the commit's where it is given. */
export function machineLine(date?: string): string {
  const processor = cpus()[0]?.model.trim() ?? 'an unknown processor';
  const [commit = '', committed = ''] = execFileSync('git', ['log', '-1', '--format=%h %cs'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
    .trim()
    .split(' ');
  const cores = availableParallelism();
  return `${cores} ${cores === 1 ? 'core' : 'cores'} of ${processor}, Node ${process.version}, commit ${commit}, ${date ?? committed}`;
}
