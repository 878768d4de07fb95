export {
  MediaDeviceManager,
  type MediaDevice,
  type MediaDeviceList,
  type MediaDeviceEvents,
  type OpenDevice,
  type OpenScreen,
} from './devices/media-device-manager';
export { MediaError, type MediaErrorReason, type MediaSource } from './devices/media-error';
export type { LinkState, MediaTransport, LinkRepairKind, MediaTransportEvents, MeshOptions } from './media-transport';
export { MeshTransport } from './mesh/mesh-transport';
export { createNoiseFilterNode, filterNoise, type NoiseFilterFiles } from './devices/noise-filter';
export type { LinkQuality, QualityFigures, QualityLevel } from './quality/quality';
export type { TileSizes } from './tile-request';
export { canChooseSpeaker, chooseSpeaker, meterTrackLevel, playTestSound } from './devices/sound';
