export { Alarm } from './alarm';
export { Emitter, type Handler } from './emitter';
export { Lock } from './lock';
export { Scope } from './scope';
export { uuidv7 } from './uuid';
