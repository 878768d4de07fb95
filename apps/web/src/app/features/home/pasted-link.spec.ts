import { pathOfPastedLink } from './pasted-link';

describe('pathOfPastedLink', () => {
  it.each([
    ['https://calls.example/join/kT3v9sXhQm2LwB7c', '/join/kT3v9sXhQm2LwB7c'],
    ['  http://localhost:3000/join/kT3v9sXhQm2LwB7c?x=1#y ', '/join/kT3v9sXhQm2LwB7c'],
    ['calls.example/r/6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b/', '/r/6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b'],
    ['kT3v9sXhQm2LwB7c', '/join/kT3v9sXhQm2LwB7c'],
  ])('%s leads to %s', (text, path) => expect(pathOfPastedLink(text)).toBe(path));

  it.each(['', 'hello there', 'https://calls.example/', 'javascript:alert(1)', 'short'])('%s leads nowhere', (text) =>
    expect(pathOfPastedLink(text)).toBeNull(),
  );
});
