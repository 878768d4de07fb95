/** `npm run reset-link -- <username>`: prints a link to set a new password. */
import { runServerCommand } from './launch/server-command.mjs';

await runServerCommand('reset-link.js');
