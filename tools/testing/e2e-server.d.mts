export function startServer(
  more?: Record<string, string>,
): Promise<{ url: string; code: string; databaseUrl: string; stop: () => Promise<void> }>;
