import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { en } from '../../i18n/en';
import { ru } from '../../i18n/ru';
import { ServerInfo } from '../core/session/server-info';
import { I18n } from '../core/text/i18n';
import { MediaPreferences } from '../state/media/media-preferences';
import { NoiseFilter } from '../state/media/noise-filter';
import { MediaSwitches } from './media-switches';

/** @returns the state and hint of the "relay only" switch */
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
  const toggle = [...host.querySelectorAll<HTMLInputElement>('[role=switch]')][1];
  const hint = host.querySelector(`#${toggle?.getAttribute('aria-describedby')}`)?.textContent;
  return { disabled: toggle?.disabled, hint };
}

it.each([
  ['the server has one', true, false, false, 'relayOnlyHint'],
  ['it has none', false, false, true, 'noRelay'],
  ['it has not answered yet', null, false, true, 'relayAsked'],
  ['it could not be asked', null, true, true, 'relayUnknown'],
] as const)('explains whether "relay only" can be turned on: %s', (_, relay, failed, disabled, hint) => {
  expect(relayOnly(relay, failed, false)).toEqual({ disabled, hint: en.devices[hint] });
  TestBed.resetTestingModule();
  expect(relayOnly(relay, failed, false, ru).hint).toBe(ru.devices[hint]);
});

it.each([true, false, null])('can always be turned off; server has a relay: %s', (relay) => {
  expect(relayOnly(relay, relay === null, true).disabled).toBe(false);
});
