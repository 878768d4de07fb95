export function startServer(
  more?: Record<string, string>,
): Promise<{ url: string; code: string; stop: () => Promise<void> }>;
