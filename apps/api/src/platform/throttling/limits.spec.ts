import { PROCESS_LOCAL_LIMITS, scaleLimitRates } from './limit-rates';
import { LIMITS_BY_NAME } from './limits';

it('multiplies all limits, and never to zero', () => {
  expect(Object.keys(scaleLimitRates(1))).toEqual(Object.keys(LIMITS_BY_NAME));
  expect(scaleLimitRates(1).login).toEqual({
    limit: LIMITS_BY_NAME.login.limit,
    ttl: LIMITS_BY_NAME.login.seconds * 1000,
  });
  expect(scaleLimitRates(10).login.limit).toBe(LIMITS_BY_NAME.login.limit * 10);
  expect(scaleLimitRates(0.001).login.limit).toBe(1);
});

it('counts only the limit of health probes per process', () => {
  expect([...PROCESS_LOCAL_LIMITS]).toEqual(['probe']);
});
