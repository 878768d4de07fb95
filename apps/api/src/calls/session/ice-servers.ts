import type { IceServerList } from '@webcall/contracts';
import { createHmac } from 'node:crypto';
import type { AppConfig } from '../../config/app-config';

/**
 * Builds the STUN and TURN servers of the settings for browsers, with credentials for one user by coturn's
 * shared-secret scheme: the name contains its expiry time, the password is the name's HMAC, and no server stores them.
 * For servers of other operators, with no shared secret, the name and password of the settings are used as they are.
 */
export function buildIceServers(userId: string, config: AppConfig, now = Date.now()): IceServerList {
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
