import type { ServerSocket } from './socket';

/** A token that has expired ends no more than the connection: with a new one the device is back, and has its seat. */
export function endSocket(socket: ServerSocket, code: 'token_expired' | 'session_ended'): void {
  socket.emit('session:ended', { code });
  if (code === 'token_expired') socket.conn.close();
  else socket.disconnect(true);
}
