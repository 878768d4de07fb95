import type { RoomParts } from './widgets/room-parts';

/** The features that a room page is put together from. */
export const roomParts: RoomParts = {
  callActions: () => import('./features/call/call-actions').then((m) => m.CallActions),
  call: () => import('./features/call/call-view').then((m) => m.CallView),
  chat: () => import('./features/chat/chat-view').then((m) => m.ChatView),
};
