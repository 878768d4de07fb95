const { writeFileSync } = require('node:fs');

/** Ends a run with one plain line, and hands the counts to tools/test.mjs when it asks for them. */
module.exports = class PlainReporter {
  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests;
    const skipped = results.numPendingTests + results.numTodoTests;
    // A suite that could not even be loaded has no test to count.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    if (process.env.JEST_COUNTS_FILE) {
      writeFileSync(process.env.JEST_COUNTS_FILE, JSON.stringify({ passed, failed, skipped }));
    }
    // Jest's own summary comes after the reporters.
    process.once('exit', () => {
      process.stdout.write(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
    });
  }
};
