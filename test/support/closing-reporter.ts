/**
 * Names every skipped test with its reason, closes with one plain line, and fails the run when CI=true and anything
 * was skipped: on a developer's machine a missing tool is a remark, in CI it is a hole.
 */
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export default class ClosingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const skipped: string[] = [];
    for (const module of modules) {
      if (!module.ok() && module.children.size === 0) counts.failed++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') counts.passed++;
        else if (state === 'failed') counts.failed++;
        else {
          counts.skipped++;
          skipped.push(skippedLine(module, test));
        }
      }
    }
    const write = (line: string): boolean => process.stdout.write(`${line}\n`);
    if (skipped.length > 0) {
      write('\nSkipped, each with its reason:');
      for (const line of skipped) write(`  ${line}`);
    }
    if (process.env.CI === 'true' && counts.skipped > 0) {
      write('CI=true: a skipped test counts as a failure.');
      process.exitCode = 1;
      counts.failed += counts.skipped;
    }
    write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  }
}

function skippedLine(module: TestModule, test: TestCase): string {
  const result = test.result();
  const note = result.state === 'skipped' && result.note !== undefined ? ` (${result.note})` : '';
  return `${module.relativeModuleId}: ${test.fullName}${note}`;
}
