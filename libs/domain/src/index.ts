export * from './call';
export * from './role';
export * from './timeline';
export * from './username';
