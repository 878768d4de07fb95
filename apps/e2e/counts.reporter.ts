import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Passes counts and durations to tools/testing/test-suites.mjs, which adds up all suites. */
export default class CountsReporter implements Reporter {
  private readonly outcomes = new Map<string, TestCase>();
  private readonly durations = new Map<string, number>();
  private errors = 0;

  onTestEnd(test: TestCase, { duration, attachments }: TestResult): void {
    this.outcomes.set(test.id, test);
    this.durations.set(test.id, duration);
    // What the pages showed at a failure; where the checks run, nobody can open the file afterwards.
    for (const { name, path } of attachments)
      if (name === 'error-context' && path && existsSync(path)) process.stdout.write(readFileSync(path, 'utf8'));
  }

  /** A spec that fails to load or a server that fails to start has no test to count, so it counts as an error. */
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
    const tests = [...this.outcomes].map(([id, { title }]) => ({ name: title, ms: this.durations.get(id) ?? 0 }));
    if (process.env.E2E_COUNTS_FILE) writeFileSync(process.env.E2E_COUNTS_FILE, JSON.stringify({ ...count, tests }));
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed\n`);
  }

  printsToStdio(): boolean {
    return true;
  }
}
