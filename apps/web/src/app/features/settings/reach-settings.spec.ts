import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { en } from '../../../i18n/en';
import { Session } from '../../core/session/session';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { ReachabilitySettings } from '../../state/people/reachability-settings';
import { RingtoneSelect } from '../../widgets/ringtone-select';
import { ReachSettings } from './reach-settings';

it('lets nothing be switched over before it is known what the user wants', async () => {
  const isKnown = signal(false);
  const settings = signal({ doNotDisturb: false, shareLastSeen: false, ringtone: 'chime', writers: 'members' });
  TestBed.configureTestingModule({
    providers: [
      { provide: I18n, useValue: { t: () => en } },
      { provide: Session, useValue: { user: signal({ guest: false }) } },
      { provide: FailureToasts, useValue: {} },
      { provide: ReachabilitySettings, useValue: { isKnown, settings } },
    ],
  });
  TestBed.overrideComponent(RingtoneSelect, { set: { template: '' } });
  const fixture = TestBed.createComponent(ReachSettings);
  await fixture.whenStable();
  const controls = (state: string): number =>
    (fixture.nativeElement as HTMLElement).querySelectorAll(`input:${state}`).length;
  expect([controls('disabled'), controls('enabled')]).toEqual([4, 0]);
  isKnown.set(true);
  await fixture.whenStable();
  expect([controls('disabled'), controls('enabled')]).toEqual([0, 4]);
});
