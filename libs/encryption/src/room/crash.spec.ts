import { Faults } from '../testing/faults';
import { type Action, Race } from '../testing/race';
import { expectWon } from '../testing/race-outcome';

/** A device of the people in a race: Bob’s. */
const BOBS = 2;

const by = (actor: number, kind: Action['kind']): Action => ({ kind, actor, target: 0 });

it.each<[string, Action[]]>([
  ['writes after a day', [by(BOBS, 'wait a day'), by(BOBS, 'send')]],
  ['adds a device', [by(BOBS, 'add device'), by(BOBS, 'let in')]],
  ['sets up a group anew', [by(BOBS, 'regroup')]],
  ['takes somebody out', [{ ...by(0, 'remove'), target: 1 }]],
])('a crash wherever a device %s costs nothing', async (_, actions) => {
  for (let gate = 1, crashes = 1; crashes > 0; gate++) {
    const race = await Race.begin(Faults.ofCrash(gate));
    for (const action of actions) await race.runRound([action]);
    await race.runRound([by(0, 'send')]);
    ({ crashes } = await expectWon(race));
  }
});
