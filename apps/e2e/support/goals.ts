/**
 * Whether the tests run in the lab (`npm run lab`): on a machine that does nothing else, as often and as long as figures
 * take that mean something.
 */
export const inLab = process.env['WEBCALL_LAB'] === '1';

/** Beside other work a goal is that many times as far away, so that a test fails by what is wrong and not by the machine. */
const LENIENCE = inLab ? 1 : 3;

/** What of a goal such as “within 9 s” or “at most 2 %” is asked here. */
export const atMost = (goal: number): number => goal * LENIENCE;

/** What of a goal such as “at least 10 pictures a second” is asked here. */
export const atLeast = (goal: number): number => goal / LENIENCE;
