import 'reflect-metadata';
import type { DataSource } from 'typeorm';
import { createResetLink, hasResetLinkTable, RESET_LINK_MINUTES } from './auth/reset-links';
import { CommandRefusal, runCommand } from './command-line';
import { User } from './users/user.entity';
import { findAccountByLogin } from './users/users.service';

/** Prints a link by which a user sets a new password: `node api/reset-link.js anna`. */
runCommand({ failure: 'No link was made.', entities: [User] }, async (db, [name, ...more], { publicUrl }) => {
  if (!name?.trim() || more.length)
    throw new CommandRefusal('Name one user, by username or e-mail: each link is for one.');
  const { username, token } = await createLinkForUser(db, name);
  return formatLinkMessage(username, `/reset-password#token=${token}`, publicUrl);
});

async function createLinkForUser(db: DataSource, name: string): Promise<{ username: string; token: string }> {
  if (!(await hasResetLinkTable(db)))
    throw new CommandRefusal('The database is not up to date: start WebCall once, then try again.');
  const user = await findAccountByLogin(db.manager, name);
  if (user) return { username: user.username, token: await createResetLink(db.manager, user.id) };
  const guest = await db.manager.existsBy(User, { username: name.trim(), guest: true });
  if (guest) throw new CommandRefusal(`${name} is a guest. Guests have no password: they come back by an invitation.`);
  throw new CommandRefusal(`There is no user with the username or e-mail ${name}.`);
}

/** The token comes after `#` because browsers never send that part to a server. */
function formatLinkMessage(username: string, path: string, publicUrl: string | undefined): string {
  const link = publicUrl ? new URL(path, publicUrl).href : path;
  const urlHint = publicUrl ? '' : 'Put the address of your server before it: the setting PUBLIC_URL would do that.\n';
  return `
A link for ${username} to set a new password:

  ${link}

${urlHint}It works once, within ${RESET_LINK_MINUTES} minutes, and replaces any link made before. All devices of ${username} are
signed out then. Who has the link has the account: hand it over in private.
`;
}
