import { createHmac } from 'node:crypto';
import type { IceServers } from '@webcall/contracts';
import type { AppConfig } from '../../config/app-config';

/**
 * The STUN and TURN servers of the settings, as browsers take them, with credentials for one user by coturn's
 * shared-secret scheme: the name says when they end, the password is the name's HMAC, and no server keeps a list. Other
 * people's servers, with which no secret is shared, get the name and password of the settings as they are.
 */
export function iceFor(userId: string, config: AppConfig, now = Date.now()): IceServers {
  const { stunServers, turnUrls, turnSecret, turnLogin, turnTtl } = config;
  const stun = stunServers.length > 0 ? [{ urls: [...stunServers] }] : [];
  if (turnUrls.length > 0 && turnLogin) {
    const turn = { urls: [...turnUrls], username: turnLogin.username, credential: turnLogin.password };
    return { iceServers: [...stun, turn], iceServersEndInMs: null };
  }
  if (turnUrls.length === 0 || turnSecret === undefined) return { iceServers: stun, iceServersEndInMs: null };
  const username = `${Math.floor(now / 1000) + turnTtl}:${userId}`;
  const credential = createHmac('sha1', turnSecret).update(username).digest('base64');
  const turn = { urls: [...turnUrls], username, credential };
  return { iceServers: [...stun, turn], iceServersEndInMs: turnTtl * 1000 };
}
