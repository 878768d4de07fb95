/**
 * Asks the other side to save data in silence (DTX) and to add in-band error correction (FEC) to its Opus. The request
 * is in the description that we send, because a sender follows the format parameters of its remote description.
 */
export function requestOpusDtxAndFec(sdp: string): string {
  const payloads = [...sdp.matchAll(/^a=rtpmap:(\d+) opus\/48000/gim)].flatMap((match) => match[1] ?? []);
  return [...new Set(payloads)].reduce(addOpusParameters, sdp);
}

function addOpusParameters(sdp: string, payload: string): string {
  const format = new RegExp(`^a=fmtp:${payload} (.*)$`, 'gm');
  if (!format.test(sdp)) {
    const map = new RegExp(`^a=rtpmap:${payload} .*$`, 'gm');
    return sdp.replace(map, (line) => `${line}\r\na=fmtp:${payload} useinbandfec=1;usedtx=1`);
  }
  return sdp.replace(format, (_line, parameters: string) => {
    const others = parameters.split(';').filter((parameter) => !/^(useinbandfec|usedtx)=/.test(parameter.trim()));
    return `a=fmtp:${payload} ${[...others, 'useinbandfec=1', 'usedtx=1'].join(';')}`;
  });
}
