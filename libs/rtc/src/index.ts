export type { Handler } from './emitter';
export { Devices, type Device, type DeviceList, type DevicesEvents, type OpenDevice, type OpenScreen } from './devices';
export { MediaError, type MediaErrorReason, type MediaSource } from './media-error';
export type { LinkState, MediaTransport, MediaTransportEvents, MeshOptions } from './media-transport';
export { MeshTransport } from './mesh-transport';
export type { Quality, QualityFigures, QualityLevel } from './quality';
export { Scope } from './scope';
export { canChooseSpeaker, chooseSpeaker, meterLevel, playTestSound } from './sound';
export { uuidv7 } from './uuid';
