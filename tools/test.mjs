/** `npm test`: runs unit, integration and end-to-end tests, and prepares everything they need. */
import { build, install, underNewNode } from './bootstrap.mjs';
import { main } from './say.mjs';

await main(async () => {
  install({ withChecks: true });
  const done = await underNewNode(process.argv[1]);
  if (done !== undefined) return done;
  build();
  const { runSuites } = await import('./testing/test-suites.mjs');
  return runSuites();
});
