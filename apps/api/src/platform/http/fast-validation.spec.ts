import { type PipeTransform, ValidationPipe } from '@nestjs/common';
import * as contracts from '@webcall/contracts';
import { Exclude, Transform } from 'class-transformer';
import { getMetadataStorage, IsOptional, IsString } from 'class-validator';
import fc from 'fast-check';
import { prepareFastValidation, tryFastValidation } from './fast-validation';
import { InputPipe } from './input.pipe';

const id = '6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b';
const classes = Object.entries(contracts).filter(([name]) => name.endsWith('Dto')) as [string, new () => object][];

/** Values that satisfy some rules, and values that satisfy none. */
const leaf = fc.oneof(
  fc.constantFrom(
    id,
    'offer',
    'public',
    'private',
    'member',
    'guest',
    '',
    'anna',
    'anna@example.org',
    'x'.repeat(5000),
  ),
  fc.constantFrom(true, false, 0, 1, -1, 1.5, '7', null, undefined, [], ['a'], {}),
);
const inner = fc.dictionary(
  fc.constantFrom('microphone', 'camera', 'type', 'sdp', 'candidate', 'sdpMid', 'more'),
  leaf,
);

const slow = new ValidationPipe(contracts.INPUT_VALIDATION_OPTIONS);
const outcome = async (pipe: PipeTransform, metatype: new () => object, value: unknown): Promise<unknown> => {
  try {
    const dto = (await pipe.transform(structuredClone(value), { type: 'body', metatype })) as object;
    return [dto.constructor, dto];
  } catch {
    return 'refused';
  }
};

it('handles the most frequent commands itself', () => {
  const signal = { to: id, id, link: id, candidate: { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 } };
  expect(tryFastValidation(contracts.SignalSendDto, { ...signal, more: 1 })).toEqual(signal);
  expect(tryFastValidation(contracts.SignalSendDto, signal)).toBeInstanceOf(contracts.SignalSendDto);
  const message = { roomId: id, id, text: 'Hello' };
  expect(tryFastValidation(contracts.ChatSendDto, message)).toEqual(message);
});

it('leaves invalid input and classes that are no DTO to the library', () => {
  const wrong = [
    {},
    { to: 'nobody' },
    { to: id, candidate: [] },
    { to: id, candidate: Buffer.from('x') },
    [],
    'x',
    null,
  ];
  for (const value of wrong) expect(tryFastValidation(contracts.SignalSendDto, value)).toBeUndefined();
  for (const type of [String, Object, undefined]) expect(tryFastValidation(type, {})).toBeUndefined();
});

it.each(classes)('accepts and refuses the same input as the library: %s', async (_, type) => {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const names = ['more', ...rules.map(({ propertyName }) => propertyName)];
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), fc.oneof(leaf, inner)), async (value) => {
      const bare = JSON.parse(JSON.stringify(value, (_key, field: unknown) => (field === null ? undefined : field)));
      expect(await outcome(new InputPipe(), type, bare)).toEqual(await outcome(slow, type, bare));
    }),
    { numRuns: 60 },
  );
});

class Trimmed {
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @IsString()
  name!: string;
}

class TrimmedBesideList extends Trimmed {
  @IsString({ each: true })
  names!: string[];
}

class WithExclusion {
  @Exclude()
  @IsOptional()
  @IsString()
  secret?: string;
}

it.each([Trimmed, TrimmedBesideList, WithExclusion])(
  'leaves classes that class-transformer changes to the library: %p',
  async (type) => {
    const value = { name: ' anna ', names: ['a'], secret: 'x' };
    expect(tryFastValidation(type, value)).toBeUndefined();
    expect(await outcome(new InputPipe(), type, value)).toEqual(await outcome(slow, type, value));
  },
);

it('refuses rules that it does not know, when the server starts', () => {
  class WithUnknownRule {
    name!: string;
  }
  const rule = { type: 'unheard-of', target: WithUnknownRule, propertyName: 'name', groups: [] };
  getMetadataStorage().addValidationMetadata(rule as never);
  expect(() => prepareFastValidation([WithUnknownRule])).toThrow('WithUnknownRule.name has a rule of type unheard-of');
});
