import { makeCounterProvider } from '@willsoto/nestjs-prometheus';

/** Names of the figures about messages. */
export const CHAT_METRICS = { messages: 'webcall_messages_total' } as const;

export const chatMetrics = [makeCounterProvider({ name: CHAT_METRICS.messages, help: 'Messages that were posted' })];
