export function startServer(): Promise<{ url: string; code: string; stop: () => Promise<void> }>;
