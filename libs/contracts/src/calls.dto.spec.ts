import { describeDtos, read } from './testing/dto-tables';
import { flag, nested, oneOf, optional, text, UUID, uuid, whole } from './testing/fields';
import * as contracts from './calls.dto';
import { LIMITS } from './limits';

const media = nested(
  [{ microphone: true, camera: false }, {}, { microphone: true, camera: true, screen: true, screenSound: true }],
  [{ camera: 'on' }, { microphone: 1 }, { screen: {} }, { screenSound: [true] }, { camera: [] }],
);
const count = whole(0, LIMITS.linkReport.max);
const links = nested(
  [{ mended: 0, restarted: 1, rebuilt: 2 }],
  [
    {},
    { mended: 1, restarted: 1 },
    { mended: -1, restarted: 0, rebuilt: 0 },
    { mended: '1', restarted: 0, rebuilt: 0 },
  ],
);
const description = nested(
  [{ type: 'offer', sdp: 'v=0' }, { type: 'rollback' }, { type: 'answer', sdp: 'x'.repeat(LIMITS.sdp.max) }],
  [
    {},
    { sdp: 'v=0' },
    { type: 'offer', sdp: 1 },
    { type: ['offer'] },
    { type: 'offer', sdp: 'x'.repeat(LIMITS.sdp.max + 1) },
  ],
);
const candidate = nested(
  [{ candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 }, { candidate: '' }, { candidate: '', sdpMid: null }],
  [
    {},
    { candidate: 1 },
    { candidate: null },
    { candidate: [] },
    { candidate: {} },
    { candidate: '', sdpMLineIndex: '0' },
  ],
);

describeDtos(contracts, {
  MediaUpdateDto: {
    microphone: optional(flag),
    camera: optional(flag),
    screen: optional(flag),
    screenSound: optional(flag),
  },
  CallJoinDto: { roomId: uuid, media: optional(media), takeOver: optional(flag) },
  CallResumeDto: {
    roomId: uuid,
    participantId: uuid,
    resumeKey: text(1, 100),
    fresh: optional(flag),
    media: optional(media),
  },
  CallUpdateDto: { media },
  LinkCountsDto: { mended: count, restarted: count, rebuilt: count },
  CallReportDto: { links },
  DescriptionDto: {
    type: oneOf(['offer', 'answer', 'pranswer', 'rollback']),
    sdp: optional(text(0, LIMITS.sdp.max)),
  },
  CandidateDto: {
    candidate: text(0, LIMITS.candidate.max),
    sdpMid: optional(text(0, 64)),
    sdpMLineIndex: optional(whole(0, 65_535)),
    usernameFragment: optional(text(0, 256)),
  },
  // Exactly one of description and candidate: that is for the service to decide.
  SignalSendDto: {
    to: uuid,
    id: optional(uuid),
    link: optional(uuid),
    description: optional(description),
    candidate: optional(candidate),
  },
});

it('leaves out what nested objects do not name', async () => {
  const media = JSON.parse('{"camera": true, "admin": true, "__proto__": {"screen": true}}') as object;
  const dto = (await read(contracts.CallJoinDto, { roomId: UUID, media })) as contracts.CallJoinDto;
  expect({ ...dto.media }).toEqual({ camera: true });
  expect(dto.media?.screen).toBeUndefined();
});
