import { pathOfPastedLink } from './pasted-link';

describe('pathOfPastedLink', () => {
  const room = '/r/6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b';
  const invitation = '/join/kT3v9sXhQm2LwB7c';

  it.each([
    [`https://calls.example${invitation}`, invitation],
    [`  http://localhost:3000${invitation}?x=1#y `, invitation],
    [`calls.example${room}/`, room],
    ['kT3v9sXhQm2LwB7c', invitation],
    [`https://calls.example${invitation}.`, invitation],
    [`https://calls.example${invitation},`, invitation],
    [`https://calls.example${invitation})`, invitation],
    [`<https://calls.example${invitation}>`, invitation],
    [`https://calls.example${invitation}。`, invitation],
    [`https://calls.example${invitation}）了解`, invitation],
    [`https://calls.example${invitation}.?x=1`, invitation],
    [`“https://calls.example${invitation}”`, invitation],
    [`**https://calls.example${invitation}**`, invitation],
    [`Join us: https://calls.example${invitation}!`, invitation],
    [`https://calls.example${invitation}, please`, invitation],
    [`calls.example${room}.`, room],
    [`(calls.example${room})`, room],
    [`https://calls.example${room}?panel=people#latest`, room],
    ['kT3v9sXhQm2LwB7c.', invitation],
    ['“kT3v9sXhQm2LwB7c”,', invitation],
  ])('%s leads to %s', (text, path) => expect(pathOfPastedLink(text)).toBe(path));

  it.each(['', 'hello there', 'https://calls.example/', 'javascript:alert(1)', 'short', 'short.', '/join/', '/join/.'])(
    '%s leads nowhere',
    (text) => expect(pathOfPastedLink(text)).toBeNull(),
  );
});
