import { InjectionToken } from '@angular/core';
import { MeshTransport, type MediaTransport, type MeshOptions } from '@webcall/rtc';

/** Makes the media transport of one stay in a call; replaced in tests. */
export const CALL_TRANSPORT = new InjectionToken<(options: MeshOptions) => MediaTransport>('CALL_TRANSPORT', {
  providedIn: 'root',
  factory: () => (options) => new MeshTransport(options),
});
