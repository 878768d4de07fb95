import type { Texts } from '../en';
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

export const ru: Texts = {
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
