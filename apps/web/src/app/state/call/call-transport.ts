import { InjectionToken } from '@angular/core';
import { type MediaTransport, type MeshOptions, MeshTransport } from '@webcall/rtc';

/** Creates the media transport for one seat in a call; replaced in tests. */
export const CALL_TRANSPORT_FACTORY = new InjectionToken<(options: MeshOptions) => MediaTransport>('CALL_TRANSPORT', {
  providedIn: 'root',
  factory: () => (options) => new MeshTransport(options),
});
