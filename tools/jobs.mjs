/** `npm run jobs`: lists the jobs that failed too often; `npm run jobs -- retry` has them tried again. */
import { runServerCommand } from './launch/server-command.mjs';

await runServerCommand('jobs.js');
