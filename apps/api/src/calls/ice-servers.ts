import type { IceServer } from '@webcall/contracts';
import type { AppConfig } from '../config/app-config';

/** @returns the STUN and TURN servers of the settings, as browsers take them. */
export function iceServers(config: AppConfig): IceServer[] {
  const { stunServers, turnUrls, turnUsername, turnPassword } = config;
  const servers: IceServer[] = [];
  if (stunServers.length > 0) servers.push({ urls: [...stunServers] });
  if (turnUrls.length > 0) servers.push({ urls: [...turnUrls], username: turnUsername, credential: turnPassword });
  return servers;
}
