export * from './auth.dto';
export * from './calls.dto';
export * from './chat.dto';
export * from './errors';
export * from './events';
export * from './limits';
export * from './room-ref.dto';
export * from './rooms.dto';
