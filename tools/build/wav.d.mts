export function wav(samples: Int16Array, rate: number): Buffer;
