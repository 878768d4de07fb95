import { TestBed } from '@angular/core/testing';
import { NetworkMonitor } from './network-monitor';

describe('NetworkMonitor', () => {
  let connection: EventTarget & { type?: string };
  let changes: number;

  beforeEach(() => {
    connection = new EventTarget();
    Object.defineProperty(navigator, 'connection', { value: connection, configurable: true });
    connection.type = 'wifi';
    changes = 0;
    TestBed.inject(NetworkMonitor).changed.subscribe(() => changes++);
  });
  afterEach(() => {
    Reflect.deleteProperty(navigator, 'connection');
  });

  const changeType = (type: string): void => {
    connection.type = type;
    connection.dispatchEvent(new Event('change'));
  };

  it('reports that the device is online again', () => {
    dispatchEvent(new Event('online'));
    expect(changes).toBe(1);
  });

  it('reports another kind of network, but neither a lost network nor another speed', () => {
    changeType('cellular');
    changeType('cellular');
    changeType('none');
    expect(changes).toBe(1);
    changeType('wifi');
    expect(changes).toBe(2);
  });

  it('knows whether the device has a network', () => {
    const monitor = TestBed.inject(NetworkMonitor);
    let losses = 0;
    monitor.lost.subscribe(() => losses++);
    dispatchEvent(new Event('offline'));
    expect([monitor.online(), losses, changes]).toEqual([false, 1, 0]);
    dispatchEvent(new Event('online'));
    expect([monitor.online(), losses, changes]).toEqual([true, 1, 1]);
  });

  it('stops listening when it is destroyed', () => {
    TestBed.resetTestingModule();
    dispatchEvent(new Event('online'));
    expect(changes).toBe(0);
  });
});
