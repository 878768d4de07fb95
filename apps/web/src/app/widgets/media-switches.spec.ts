import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { en } from '../../i18n/en';
import { ru } from '../../i18n/ru';
import { I18n } from '../core/text/i18n';
import { MediaPreferences } from '../state/media/media-preferences';
import { NoiseFilter } from '../state/media/noise-filter';
import { ServerInfo } from '../core/session/server-info';
import { MediaSwitches } from './media-switches';

/** @returns the switch for the relay alone, and what is said of it */
function relayOnly(relay: boolean | null, failed: boolean, on: boolean, texts: typeof en = en) {
  const preferences = { relayOnly: signal(on), noiseFilter: signal(false), screenContent: signal('text') };
  TestBed.configureTestingModule({
    providers: [
      { provide: ServerInfo, useValue: { relay: signal(relay), failed: signal(failed) } },
      { provide: MediaPreferences, useValue: preferences },
      { provide: NoiseFilter, useValue: { failed: signal(false) } },
      { provide: I18n, useValue: { t: () => texts } },
    ],
  });
  const page = TestBed.createComponent(MediaSwitches);
  page.detectChanges();
  const host = page.nativeElement as HTMLElement;
  const found = [...host.querySelectorAll<HTMLInputElement>('[role=switch]')][1];
  const hint = host.querySelector(`#${found?.getAttribute('aria-describedby')}`)?.textContent;
  return { disabled: found?.disabled, hint };
}

it.each([
  ['the server has one', true, false, false, 'relayOnlyHint'],
  ['it has none', false, false, true, 'noRelay'],
  ['it has not answered yet', null, false, true, 'relayAsked'],
  ['it could not be asked', null, true, true, 'relayUnknown'],
] as const)('says why the relay alone can be chosen or not: %s', (_, relay, failed, disabled, hint) => {
  expect(relayOnly(relay, failed, false)).toEqual({ disabled, hint: en.devices[hint] });
  TestBed.resetTestingModule();
  expect(relayOnly(relay, failed, false, ru).hint).toBe(ru.devices[hint]);
});

it.each([true, false, null])('can be turned off, whatever is known of a relay: %s', (relay) => {
  expect(relayOnly(relay, relay === null, true).disabled).toBe(false);
});
