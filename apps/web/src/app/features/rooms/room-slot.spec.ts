import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { jest } from '@jest/globals';
import { en } from '../../../i18n/en';
import { RealtimeClient } from '../../core/net/realtime-client';
import { FakeRealtime, flushPromises } from '../../core/net/testing/fake-realtime';
import { I18n } from '../../core/text/i18n';
import { LostPages } from '../../flows/lost-pages';
import { ROOM_PARTS } from '../../widgets/room-parts';
import { RoomSlot } from './room-slot';

@Component({ selector: 'wc-part', template: 'the chat' })
class Part {}

describe('RoomSlot', () => {
  it('leaves a part that fails again when the person retries to the one who loads the app anew', async () => {
    jest.spyOn(console, 'error').mockReturnValue();
    const realtime = new FakeRealtime();
    const lost: string[] = [];
    let isLost = true;
    const chat = () => (isLost ? Promise.reject(new TypeError('module')) : Promise.resolve(Part));
    TestBed.configureTestingModule({
      providers: [
        { provide: RealtimeClient, useValue: realtime },
        { provide: Router, useValue: { url: '/r/room' } },
        { provide: I18n, useValue: { t: () => en } },
        { provide: LostPages, useValue: { handleLostPage: async (path: string) => void lost.push(path) } },
        { provide: ROOM_PARTS, useValue: { chat } },
      ],
    });
    const fixture = TestBed.createComponent(RoomSlot);
    const page = fixture.nativeElement as HTMLElement;
    const settle = async (): Promise<void> => {
      await flushPromises();
      await fixture.whenStable();
    };
    fixture.componentRef.setInput('part', 'chat');
    await fixture.whenStable();
    await settle();
    realtime.reconnected.next();
    await settle();
    expect(lost).toEqual([]);
    page.querySelector('button')?.click();
    await settle();
    expect(lost).toEqual(['/r/room']);
    isLost = false;
    realtime.reconnected.next();
    await settle();
    expect(page.textContent).toContain('the chat');
    jest.restoreAllMocks();
  });
});
