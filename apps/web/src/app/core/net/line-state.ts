import { Injectable, signal } from '@angular/core';

/** What the socket has found out about the line, for those who have no socket. */
@Injectable({ providedIn: 'root' })
export class LineState {
  /** Whether the socket of a signed-in user cannot reach the server. */
  readonly isCutOff = signal(false);
}
