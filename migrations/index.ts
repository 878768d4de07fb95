import { Initial1763800000000 } from './1763800000000-initial';
import { PeopleAndRings1763850000000 } from './1763850000000-people-and-rings';

/** The one linear history, oldest first. */
export const migrations = [Initial1763800000000, PeopleAndRings1763850000000];
