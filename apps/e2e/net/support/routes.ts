import type { Page } from '@playwright/test';

/** By which way the media of a link go. */
export interface Route {
  /** How we are reached: `relay` through a TURN server. */
  local: string;
  /** How that server is reached, if there is one. */
  relayProtocol: string | null;
  remote: string;
}

/** The way of each living link of a page. Needs `watchMedia`. */
export async function routesOf(page: Page): Promise<Route[]> {
  return page.evaluate(async () => {
    const { testLinks } = window as unknown as { testLinks: RTCPeerConnection[] };
    const routes: Route[] = [];
    for (const link of testLinks.filter(({ connectionState }) => connectionState === 'connected')) {
      const stats = await link.getStats();
      const transport = [...stats.values()].find(({ type }) => type === 'transport');
      const pair = stats.get(transport?.selectedCandidatePairId);
      const local = stats.get(pair?.localCandidateId);
      const remote = stats.get(pair?.remoteCandidateId);
      if (!local || !remote) continue;
      routes.push({
        local: local.candidateType,
        relayProtocol: local.relayProtocol ?? null,
        remote: remote.candidateType,
      });
    }
    return routes;
  });
}

/** The credentials for the relay that each living link of a page would use next. Needs `watchMedia`. */
export async function relayCredentials(page: Page): Promise<{ username: string; credential: string }[]> {
  return page.evaluate(() => {
    const { testLinks } = window as unknown as { testLinks: RTCPeerConnection[] };
    return testLinks
      .filter(({ connectionState }) => connectionState !== 'closed')
      .flatMap((link) => link.getConfiguration().iceServers ?? [])
      .flatMap(({ username, credential }) => (username && credential ? [{ username, credential }] : []));
  });
}

/** When they end, in ms. */
export async function credentialEnds(page: Page): Promise<number[]> {
  return (await relayCredentials(page)).map(({ username }) => Number(username.split(':')[0]) * 1000);
}
