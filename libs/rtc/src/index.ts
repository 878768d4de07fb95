export {
  Devices,
  type Device,
  type DeviceList,
  type DevicesEvents,
  type OpenDevice,
  type OpenScreen,
} from './devices/devices';
export { MediaError, type MediaErrorReason, type MediaSource } from './devices/media-error';
export type { LinkState, MediaTransport, MendCause, MediaTransportEvents, MeshOptions } from './media-transport';
export { MeshTransport } from './mesh/mesh-transport';
export { filterNoise, type NoiseFilterFiles } from './devices/noise-filter';
export type { Quality, QualityFigures, QualityLevel } from './quality/quality';
export type { TileSizes } from './tiles';
export { canChooseSpeaker, chooseSpeaker, meterLevel, playTestSound } from './devices/sound';
