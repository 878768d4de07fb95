export function fillRoom(database: string, roomId: string, authors: readonly string[], count: number): Promise<void>;
