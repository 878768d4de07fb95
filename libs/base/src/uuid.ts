let lastTime = 0;
let counter = 0;

/** @returns a UUIDv7 (RFC 9562); the ids made by one page are strictly ascending, also within one millisecond. */
export function createUuidV7(now = Date.now()): string {
  counter = now > lastTime ? 0 : counter + 1;
  if (counter > 0xfff) counter = 0;
  lastTime = Math.max(now, counter === 0 ? lastTime + 1 : lastTime);
  const time = lastTime.toString(16).padStart(12, '0');
  const random = crypto.getRandomValues(new Uint8Array(8));
  const tail = Array.from(random, (byte, i) => (i === 0 ? (byte & 0x3f) | 0x80 : byte))
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  const count = counter.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
