import { LIMITS_BY_NAME, socketLimits } from './limits';
import { ALONE, ratesAt } from './rates';

it('finds the limit of a command', () => {
  expect(socketLimits('chat:send')).toEqual(['socket:chat:send']);
  expect(socketLimits('chat:read')).toEqual(['socket:any']);
});

it('multiplies all limits, and none to nothing', () => {
  expect(Object.keys(ratesAt(1))).toEqual(Object.keys(LIMITS_BY_NAME));
  expect(ratesAt(1).login).toEqual({ limit: LIMITS_BY_NAME.login.limit, ttl: LIMITS_BY_NAME.login.seconds * 1000 });
  expect(ratesAt(10).login.limit).toBe(LIMITS_BY_NAME.login.limit * 10);
  expect(ratesAt(0.001).login.limit).toBe(1);
});

it('leaves alone what asks whether a process is alive', () => {
  expect([...ALONE]).toEqual(['probe']);
});
