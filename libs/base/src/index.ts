export { OneShotTimer } from './one-shot-timer';
export { Emitter, type EventHandler } from './emitter';
export { KeyedMutex, Mutex } from './mutex';
export { Scope } from './scope';
export { createUuidV7 } from './uuid';
