import { ERROR_CATALOG } from '@webcall/contracts';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { en } from './en';
import { ru } from './ru';

/** Words for what WebCall does not do: the server stores texts as they are written. */
const ENCRYPTION = /encrypt|end[- ]to[- ]end|\be2ee?\b|cipher|зашифр|шифров|сквозн/i;
/** What only encryption could promise. */
const ONLY_READERS =
  /only (the two of )?you (can )?(read|see)|nobody else (can )?(read|see)|(прочит|чита|вид)[^.]*только вы|только вы[^.]*(прочит|чита|вид)/i;

/** @returns every text in there; of those that are made of something, what they are made with */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return [String(value)];
  return value && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : [];
}

const fileOf = (...names: string[]): string => readFileSync(path.join(process.cwd(), ...names), 'utf8');

it.each([
  ['English', textsIn(en)],
  ['Russian', textsIn(ru)],
  ['the contracts', textsIn(ERROR_CATALOG)],
  ['the page', [fileOf('apps', 'web', 'src', 'index.html')]],
  ['the README', fileOf('README.md').replace('end-to-end tests', 'tests').split('\n')],
])('no text claims encryption while there is none: %s', (_, texts) => {
  expect(texts.length).toBeGreaterThan(0);
  expect(texts.filter((text) => ENCRYPTION.test(text) || ONLY_READERS.test(text))).toEqual([]);
});

it.each([
  'Say hello to Anna. Only the two of you read this.',
  'Поздоровайтесь: Анна. Читать это будете только вы двое.',
])('would be noticed: %s', (text) => expect(text).toMatch(ONLY_READERS));

it('a locked door is said to lock what it locks: the room and its call', () => {
  for (const text of [en.moderation.lock, en.moderation.unlock, en.moderation.doorIs.locked, en.errors.room_locked]) {
    expect(text).toMatch(/room.*call/i);
  }
  for (const text of [ru.moderation.lock, ru.moderation.unlock, ru.moderation.doorIs.locked, ru.errors.room_locked]) {
    expect(text).toMatch(/комнат.*звонок/i);
  }
});
