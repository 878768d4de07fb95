import * as contracts from './calls.dto';
import { PROTOCOL_LIMITS } from './limits';
import { describeDtoModule, parsePayload } from './testing/dto-tables';
import {
  booleanField,
  choiceField,
  nestedField,
  optionalField,
  SAMPLE_UUID,
  textField,
  uuidField,
  wholeNumberField,
} from './testing/field-expectations';

const media = nestedField(
  [{ microphone: true, camera: false }, {}, { microphone: true, camera: true, screen: true, screenSound: true }],
  [{ camera: 'on' }, { microphone: 1 }, { screen: {} }, { screenSound: [true] }, { camera: [] }],
);
const count = wholeNumberField(0, PROTOCOL_LIMITS.linkReport.max);
const links = nestedField(
  [{ mended: 0, restarted: 1, rebuilt: 2 }],
  [
    {},
    { mended: 1, restarted: 1 },
    { mended: -1, restarted: 0, rebuilt: 0 },
    { mended: '1', restarted: 0, rebuilt: 0 },
  ],
);
const description = nestedField(
  [{ type: 'offer', sdp: 'v=0' }, { type: 'rollback' }, { type: 'answer', sdp: 'x'.repeat(PROTOCOL_LIMITS.sdp.max) }],
  [
    {},
    { sdp: 'v=0' },
    { type: 'offer', sdp: 1 },
    { type: ['offer'] },
    { type: 'offer', sdp: 'x'.repeat(PROTOCOL_LIMITS.sdp.max + 1) },
  ],
);
const candidate = nestedField(
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

describeDtoModule(contracts, {
  MediaUpdateDto: {
    microphone: optionalField(booleanField),
    camera: optionalField(booleanField),
    screen: optionalField(booleanField),
    screenSound: optionalField(booleanField),
  },
  CallJoinDto: { roomId: uuidField, media: optionalField(media), takeOver: optionalField(booleanField) },
  CallResumeDto: {
    roomId: uuidField,
    participantId: uuidField,
    resumeKey: textField(1, 100),
    fresh: optionalField(booleanField),
    media: optionalField(media),
  },
  CallUpdateDto: { media },
  LinkCountsDto: { mended: count, restarted: count, rebuilt: count },
  CallReportDto: { links },
  DescriptionDto: {
    type: choiceField(['offer', 'answer', 'pranswer', 'rollback']),
    sdp: optionalField(textField(0, PROTOCOL_LIMITS.sdp.max)),
  },
  CandidateDto: {
    candidate: textField(0, PROTOCOL_LIMITS.candidate.max),
    sdpMid: optionalField(textField(0, 64)),
    sdpMLineIndex: optionalField(wholeNumberField(0, 65_535)),
    usernameFragment: optionalField(textField(0, 256)),
  },
  // Exactly one of description and candidate is allowed: the service checks that.
  SignalSendDto: {
    to: uuidField,
    id: optionalField(uuidField),
    link: optionalField(uuidField),
    description: optionalField(description),
    candidate: optionalField(candidate),
  },
});

it('drops unknown properties of nested objects', async () => {
  const media = JSON.parse('{"camera": true, "admin": true, "__proto__": {"screen": true}}') as object;
  const dto = (await parsePayload(contracts.CallJoinDto, { roomId: SAMPLE_UUID, media })) as contracts.CallJoinDto;
  expect({ ...dto.media }).toEqual({ camera: true });
  expect(dto.media?.screen).toBeUndefined();
});
