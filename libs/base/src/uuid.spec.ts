import { createUuidV7 } from './uuid';

describe('createUuidV7', () => {
  it('has the form of a version 7 UUID', () => {
    expect(createUuidV7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('ascends strictly, also within one millisecond and when the clock goes back', () => {
    const now = Date.now() + 1000;
    const ids = Array.from({ length: 10_000 }, (_, i) => createUuidV7(now - (i % 3)));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
