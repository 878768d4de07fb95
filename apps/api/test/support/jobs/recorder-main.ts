/** A server with the `MessageRecorder`, started as a process, that its parent can have die at a certain place. */
import 'reflect-metadata';
import { createApp } from '../../../src/app';
import { loadAppConfig } from '../../../src/config/load-config';
import { addModule } from './add-module';
import { deadly, type KillPoint, MessageRecorderModule } from './message-recorder';

addModule(MessageRecorderModule);
process.on('message', (point: KillPoint) => (deadly.point = point));
process.once('disconnect', () => process.exit());

const config = loadAppConfig();
void createApp(config).then(async (app) => {
  app.enableShutdownHooks(['SIGTERM'], { useProcessExit: true });
  await app.listen(config.port, config.host);
});
