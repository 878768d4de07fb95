import { auth, invitation } from './auth';
import { call, devices } from './call';
import { chat } from './chat';
import { common, connection, notFound } from './common';
import { errors, quotas } from './errors';
import { browse, home } from './home';
import { door, moderation, signs } from './moderation';
import { history, people, presence } from './people';
import { reach, rings } from './rings';
import { rooms } from './rooms';
import { settings } from './settings';

export const en = {
  auth,
  browse,
  call,
  chat,
  common,
  connection,
  devices,
  door,
  errors,
  history,
  home,
  invitation,
  moderation,
  notFound,
  people,
  presence,
  quotas,
  reach,
  rings,
  rooms,
  settings,
  signs,
};

/** The shape that every language has. */
export type Texts = typeof en;
