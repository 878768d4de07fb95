/**
 * Whether the tests run in the lab (`npm run lab`): on an otherwise idle machine, with enough repetitions and time for
 * meaningful figures.
 */
export const inLab = process.env['WEBCALL_LAB'] === '1';

/** Factor that relaxes goals outside the lab, so that tests do not fail because the machine is busy. */
const LENIENCE = inLab ? 1 : 3;

/** @returns the limit here for a goal such as “within 9 s” or “at most 2 %” */
export const atMost = (goal: number): number => goal * LENIENCE;

/** @returns the limit here for a goal such as “at least 10 pictures a second” */
export const atLeast = (goal: number): number => goal / LENIENCE;
