/** The text that `npm run bench` writes into docs/benchmarks.md. */
import { cells } from '../figures.mjs';
import { table } from './page.mjs';
import { weightCells } from '../weight.mjs';

/** @returns the page without the section of `npm run lab` */
export const benchPage = ({ figures, recovery, weights, rounds, before }) => `# Benchmarks

Made by \`npm run bench\` ${before}. Clients, servers, PostgreSQL and Redis share the machine.

The medians of ${rounds} rounds (first frame: ${3 * rounds}). Rounds alternate: ours, bare, ours, bare, and so on, without the first one of each, which warms it up. The ratio is the one in the middle, with the least and the most of all rounds. Bare is the best that we could write in some thirty lines: it does the work, and leaves out what makes it a product — users, rights, limits, names that change, sessions that end. A machine that does something else as well fails the run.

${table(['what', 'WebCall', 'bare', 'ratio (least–most)', 'goal'], figures.map(cells))}

- **Signals**: 20 pairs in calls; each signal is acknowledged by its receiver, and is away after four seconds without. A thousand to each server in turn: with 80 on their way for the throughput, at 600 a second for the server process's processor time. Bare is a Socket.IO relay (\`tools/bench/bare/relay.mjs\`), without Redis also where ours has one: its receivers are where their senders are. Web sockets alone (\`tools/bench/bare/ws-relay.mjs\`) show what Socket.IO costs both; no client of ours speaks that, so there is no goal.
- **Memory**: growth of what is in use (the heap, and the buffers beside it) by 1,000 connections in three rooms each, from 1,000 to 2,000, each time after a collection of garbage. Bare is the same relay, with its sockets in as many rooms and without the requests that they came with; of web sockets alone, which know no rooms, one that is in a map.
- **Handshakes**: 5,000 sockets of 2,500 users in three rooms each, a hundred on their way at once; the server process's time also counts what follows in the background. Then all 10,000 sockets of 5,000 users come back at once, 500 on their way, until each has had a first question (\`room:open\`) answered. Bare (\`tools/bench/bare/bare-handshakes.mjs\`) verifies the same token, reads session and rooms by one prepared statement and lets the socket into the rooms; it has no second look at ended sessions and no presence, and answers with one row.
- **Messages**: 60 messages on their way at once in 30 rooms of three people, with 20 connections to a PostgreSQL that writes to disk at each commit. Bare (\`tools/bench/bare/bare-chat.mjs\`) takes them over the same sockets, on the same tables; in one transaction it gives the room's next number, stores the message and moves its author's mark, by one prepared statement that is pipelined by room; then it tells the same three sockets the same event and answers. With Redis, it tells through the same adapter. The goal means half of that. SQL alone is the statement of bare with nobody who sends, hears or is answered, so a bound that no server reaches.
- **Large rooms**: everybody is connected, somebody writes every second, a hundred messages a turn and twenty in the room of 5,000, and each device gathers what its user reads by the rule of the web client (\`libs/domain/src/read-position.ts\`) and reports it; all of that counts, with heartbeats. Time runs five times as fast as that, in the gathering too, so that as many messages share a report as in such a room. Of one message that stays alone, all members report the reading, over as many seconds. Bare is the bare chat, which knows nothing of reading.
- **Long lists**: of requests over HTTP, compressed, the time in the middle of 30. Beside them is the same server with a user who has few of the same. With Redis.
- **Sign-ins**: four addresses send wrong passwords, twenty at a time each, with the usual limits and cost (12), while somebody elsewhere signs in eight times; the slowest of all rounds. Beside it is no bare server but the same one with nobody else there, after as many sign-ins that are not counted; that comes first in each round, for guesses use up what limits allow.
- **First frame**: two browser profiles on either side, the first with a (fake) camera of 720 lines, the second comes with a microphone. Bare is a page that asks for the devices, offers before the microphone is handed out, answers, and shows both pictures (\`tools/bench/bare/bare-page.html\`): no users, no rooms, no list of who is there.
- **Long room**: a room of 11,000 messages, opened at its end and scrolled up by 200 pixels a frame until 10,000 are gone through; nodes and heap are counted at ten places up to 500 and up to 10,000, each time after a collection of garbage, and the largest counts, for the list grows and shrinks by a page. Then the list is at its end and as long as it gets; another person writes 50 messages, and 54 keys are pressed, ten a second. Work is all that the page's thread does meanwhile, by Chrome's count. A long frame is one that 99 in a hundred are not longer than. Bare is a page with 300 rows and a field (\`tools/bench/bare/bare-list.html\`): it goes up and down for as many frames, puts messages at the end, loads nothing, sends nothing.

## Weight

${table(['what', 'how much', 'goal'], weights.map(weightCells))}

Of a clean clone of what is committed, with all packages in npm's cache; on the disk. The production install is that of \`deploy/docker/Dockerfile\`.

## Recovery

${table(
  ['after', 'all is well again within'],
  recovery.map(({ what, ms }) => [what, `${ms} ms`]),
)}

Counted from the moment that Redis or PostgreSQL takes connections again, or that the replica is killed, until each kind of command has been accepted. A signal to another replica that is sent before that one listens again is not acknowledged for 4 s, after which it is sent once more; so some runs have a row of about that. The tests that print these times hold them to 5 s here, and to three times as much in \`npm test\`: \`apps/api/test/faults/faults-*.spec.ts\`.
`;
