/** An output that keeps everything, so that a test can read what the person would have seen. */
import type { Output } from '../../src/ports/index.ts';

export class RecordingOutput implements Output {
  /** All of stdout. */
  stdout = '';
  /** Lines of stderr. */
  readonly notes: string[] = [];
  /** Every label shown, in order; `undefined` where it was taken away. */
  readonly progressLabels: (string | undefined)[] = [];
  readonly stdoutIsTerminal: boolean;
  readonly color: boolean;
  readonly columns: number;

  constructor(options: { readonly terminal?: boolean; readonly color?: boolean; readonly columns?: number } = {}) {
    this.stdoutIsTerminal = options.terminal ?? false;
    this.color = options.color ?? false;
    this.columns = options.columns ?? 100;
  }

  get stderr(): string {
    return this.notes.map((line) => `${line}\n`).join('');
  }

  write(text: string): void {
    this.stdout += text;
  }

  note(line: string): void {
    this.notes.push(line);
  }

  progress(label: string | undefined): void {
    this.progressLabels.push(label);
  }
}
