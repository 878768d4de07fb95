/** `npm start`: from a fresh clone to a served page. Before install() only Node's own modules can be imported. */
import { build, install, underNewNode } from './bootstrap.mjs';
import { claimPort, launcherSettings } from './launch/launch-settings.mjs';
import { main } from './say.mjs';

await main(async () => {
  const settings = launcherSettings(process.env);
  await claimPort(settings);
  install();
  const done = await underNewNode(process.argv[1]);
  if (done !== undefined) return done;
  build();
  const { launch } = await import('./launch/launch.mjs');
  return launch(settings);
});
