import { auth, invitation } from './auth';
import { common, connection, notFound } from './common';
import { call, devices } from './call';
import { chat } from './chat';
import { errors } from './errors';
import { browse, home } from './home';
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
  errors,
  home,
  invitation,
  notFound,
  rooms,
  settings,
};

/** The shape that every language has. */
export type Texts = typeof en;
