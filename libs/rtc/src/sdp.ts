/**
 * Asks the other side to save data in silence (DTX) and to add in-band error correction (FEC) to its Opus. It is said in
 * the description that we send, because a sender goes by the format parameters of its remote description.
 */
export function askForQuietOpus(sdp: string): string {
  const payloads = [...sdp.matchAll(/^a=rtpmap:(\d+) opus\/48000/gim)].flatMap((match) => match[1] ?? []);
  return [...new Set(payloads)].reduce(addParameters, sdp);
}

function addParameters(sdp: string, payload: string): string {
  const format = new RegExp(`^a=fmtp:${payload} (.*)$`, 'gm');
  if (!format.test(sdp)) {
    return sdp.replace(new RegExp(`^a=rtpmap:${payload} .*$`, 'gm'), (line) => {
      const [text, end] = line.endsWith('\r') ? [line.slice(0, -1), '\r'] : [line, ''];
      return `${text}${end}\na=fmtp:${payload} useinbandfec=1;usedtx=1${end}`;
    });
  }
  return sdp.replace(format, (_line, rest: string) => {
    const [text, end] = rest.endsWith('\r') ? [rest.slice(0, -1), '\r'] : [rest, ''];
    const others = text.split(';').filter((parameter) => !/^(useinbandfec|usedtx)=/.test(parameter.trim()));
    return `a=fmtp:${payload} ${[...others, 'useinbandfec=1', 'usedtx=1'].join(';')}${end}`;
  });
}
