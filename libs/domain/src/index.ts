export * from './call';
export * from './call-state';
export * from './moderation';
export * from './relation';
export * from './ring';
export * from './role';
export * from './timeline';
export * from './username';
