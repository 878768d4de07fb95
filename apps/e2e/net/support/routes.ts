import type { Page } from '@playwright/test';

/** The network route of a link's media. */
export interface Route {
  /** Type of the own candidate; `relay` for a TURN server. */
  local: string;
  /** Transport to the TURN server; null without one. */
  relayProtocol: string | null;
  remote: string;
}

/** The route of each connected link of a page. Needs `watchMedia`. */
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

/** The relay credentials that each open link of a page would use next. Needs `watchMedia`. */
export async function relayCredentials(page: Page): Promise<{ username: string; credential: string }[]> {
  return page.evaluate(() => {
    const { testLinks } = window as unknown as { testLinks: RTCPeerConnection[] };
    return testLinks
      .filter(({ connectionState }) => connectionState !== 'closed')
      .flatMap((link) => link.getConfiguration().iceServers ?? [])
      .flatMap(({ username, credential }) => (username && credential ? [{ username, credential }] : []));
  });
}

/** The expiry times of these credentials, in ms. */
export async function credentialEnds(page: Page): Promise<number[]> {
  return (await relayCredentials(page)).map(({ username }) => Number(username.split(':')[0]) * 1000);
}
