import { auth, invitation } from './auth';
import { common, connection, notFound } from './common';
import { call, devices } from './call';
import { chat } from './chat';
import { errors } from './errors';
import { browse, home } from './home';
import { door, moderation, signs } from './moderation';
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
  home,
  invitation,
  moderation,
  notFound,
  rooms,
  settings,
  signs,
};

/** The shape that every language has. */
export type Texts = typeof en;
