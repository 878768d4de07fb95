import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Hands the counts to tools/test.mjs, which adds up all suites. */
export default class CountsReporter implements Reporter {
  private readonly outcomes = new Map<string, TestCase>();
  private errors = 0;

  onTestEnd(test: TestCase, _result: TestResult): void {
    this.outcomes.set(test.id, test);
  }

  /** A spec that cannot be loaded, or a server that does not start, has no test to count. */
  onError(): void {
    this.errors++;
  }

  onEnd(): void {
    const count = { passed: 0, failed: this.errors, skipped: 0 };
    for (const test of this.outcomes.values()) {
      const outcome = test.outcome();
      if (outcome === 'skipped') count.skipped++;
      else if (outcome === 'unexpected') count.failed++;
      else count.passed++;
    }
    if (process.env.E2E_COUNTS_FILE) writeFileSync(process.env.E2E_COUNTS_FILE, JSON.stringify(count));
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed\n`);
  }

  printsToStdio(): boolean {
    return true;
  }
}
