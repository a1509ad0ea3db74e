/** One command line through `main()`, in a world that a test made, and everything that came of it. */
import { main } from '../../src/main.ts';
import type { Ports } from '../../src/ports/index.ts';
import { RecordingOutput } from './recording-output.ts';

export interface KeylessRun {
  readonly status: number;
  readonly stdout: string;
  /** Remarks and errors, one a line. */
  readonly stderr: string;
}

/** Each run has an output of its own, so that one world can take several commands. */
export async function runKeyless(
  world: Ports,
  args: readonly string[],
  output: { readonly terminal?: boolean; readonly color?: boolean; readonly columns?: number } = {},
): Promise<KeylessRun> {
  const recording = new RecordingOutput(output);
  const status = await main(args, { ...world, output: recording });
  return { status, stdout: recording.stdout, stderr: recording.stderr };
}
