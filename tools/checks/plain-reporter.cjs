const { writeFileSync } = require('node:fs');

/** Jest reporter that ends a run with one plain line, and passes counts and durations to testing/test-suites.mjs. */
module.exports = class PlainReporter {
  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests;
    const skipped = results.numPendingTests + results.numTodoTests;
    // A suite that could not even be loaded has no test to count.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    if (process.env.JEST_COUNTS_FILE) {
      const tests = results.testResults.flatMap((file) =>
        file.testResults.map(({ fullName, duration }) => ({ name: fullName, ms: duration ?? 0 })),
      );
      writeFileSync(process.env.JEST_COUNTS_FILE, JSON.stringify({ passed, failed, skipped, tests }));
    }
    // On exit, because Jest prints its own summary after the reporters.
    process.once('exit', () => {
      process.stdout.write(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
    });
  }
};
