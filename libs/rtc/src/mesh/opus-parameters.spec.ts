import { requestOpusDtxAndFec } from './opus-parameters';

const lines = (...text: string[]): string => text.map((line) => `${line}\r\n`).join('');

describe('requestOpusDtxAndFec', () => {
  it('adds to the parameters of Opus and leaves everything else alone', () => {
    const sdp = lines(
      'm=audio 9 UDP/TLS/RTP/SAVPF 63 111 0',
      'a=rtpmap:63 red/48000/2',
      'a=fmtp:63 111/111',
      'a=rtpmap:111 opus/48000/2',
      'a=fmtp:111 minptime=10;useinbandfec=1',
      'a=rtpmap:0 PCMU/8000',
    );
    expect(requestOpusDtxAndFec(sdp)).toBe(
      sdp.replace('minptime=10;useinbandfec=1', 'minptime=10;useinbandfec=1;usedtx=1'),
    );
  });

  it('adds them in every section, since the sections share one payload type', () => {
    const section = lines('m=audio 9 X 111', 'a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10');
    expect(requestOpusDtxAndFec(section + section).match(/usedtx=1/g)).toHaveLength(2);
  });

  it('adds the line where there is none', () => {
    const sdp = lines('m=audio 9 X 109', 'a=rtpmap:109 opus/48000/2', 'a=ptime:20');
    expect(requestOpusDtxAndFec(sdp)).toBe(
      lines('m=audio 9 X 109', 'a=rtpmap:109 opus/48000/2', 'a=fmtp:109 useinbandfec=1;usedtx=1', 'a=ptime:20'),
    );
  });

  it('does nothing the second time, and nothing without Opus', () => {
    const once = requestOpusDtxAndFec(lines('a=rtpmap:111 opus/48000/2', 'a=fmtp:111 useinbandfec=0'));
    expect(requestOpusDtxAndFec(once)).toBe(once);
    expect(requestOpusDtxAndFec(lines('a=rtpmap:96 VP8/90000'))).toBe(lines('a=rtpmap:96 VP8/90000'));
  });
});
