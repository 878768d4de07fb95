import { Logger } from 'nestjs-pino';

/** The framework's roll-call of modules and routes, about a hundred lines at each start. */
const ROLL_CALL = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'WebSocketsController']);

/** The logger of the application; the framework's roll-call at start is for debugging. */
export class AppLogger extends Logger {
  override log(message: unknown, ...more: unknown[]): void {
    if (ROLL_CALL.has(String(more.at(-1)))) super.debug(message, ...more);
    else super.log(message, ...more);
  }
}
