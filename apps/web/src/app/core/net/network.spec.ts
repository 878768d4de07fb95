import { TestBed } from '@angular/core/testing';
import { Network } from './network';

describe('Network', () => {
  let connection: EventTarget & { type?: string };
  let changes: number;

  beforeEach(() => {
    connection = new EventTarget();
    Object.defineProperty(navigator, 'connection', { value: connection, configurable: true });
    connection.type = 'wifi';
    changes = 0;
    TestBed.inject(Network).changed.subscribe(() => changes++);
  });
  afterEach(() => {
    Reflect.deleteProperty(navigator, 'connection');
  });

  const become = (type: string): void => {
    connection.type = type;
    connection.dispatchEvent(new Event('change'));
  };

  it('tells that the device is online again', () => {
    dispatchEvent(new Event('online'));
    expect(changes).toBe(1);
  });

  it('tells another kind of network, but neither none at all nor another speed of the same', () => {
    become('cellular');
    become('cellular');
    become('none');
    expect(changes).toBe(1);
    become('wifi');
    expect(changes).toBe(2);
  });

  it('stops listening when it ends', () => {
    TestBed.resetTestingModule();
    dispatchEvent(new Event('online'));
    expect(changes).toBe(0);
  });
});
