import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validate } from 'class-validator';
import { INPUT_VALIDATION_OPTIONS } from '../validation-rules';
import { type FieldExpectation, SAMPLE_UUID } from './field-expectations';

export type DtoClass = new () => object;
export type DtoFieldTable = Readonly<Record<string, FieldExpectation>>;

/** @returns the fields of a class that have validation rules; a class that only describes answers has none. */
function validatedFieldsOf(type: DtoClass): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))].sort();
}

/** @returns the classes of a module that describe input. */
export function findInputClasses(module: object): [string, DtoClass][] {
  const classes = Object.entries(module).filter((entry): entry is [string, DtoClass] => typeof entry[1] === 'function');
  return classes.filter(([, type]) => validatedFieldsOf(type).length > 0);
}

/** Parses a payload as the server's pipe does. @returns undefined when it is refused */
export async function parsePayload(type: DtoClass, payload: object): Promise<object | undefined> {
  const dto = plainToInstance(type, structuredClone(payload));
  const errors = await validate(dto, { ...INPUT_VALIDATION_OPTIONS, forbidUnknownValues: false });
  return errors.length > 0 ? undefined : dto;
}

/** Names of inherited properties, and an unknown one. None of them may get through or stand in for a field. */
const INHERITED_NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'more'];

function describeDtoFields(name: string, type: DtoClass, table: DtoFieldTable): void {
  const fields = Object.entries(table);
  const whole = Object.fromEntries(fields.map(([field, { takes }]) => [field, takes[0]]));
  const required = Object.fromEntries(
    fields.filter(([, { optional }]) => !optional).map(([field]) => [field, whole[field]]),
  );
  const out = (payload: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(payload).map(([field, value]) => [field, table[field]?.becomes?.(value) ?? value]),
    );
  const takes = async (payload: Readonly<Record<string, unknown>>) => {
    const dto = await parsePayload(type, payload);
    expect(dto).toBeInstanceOf(type);
    expect({ ...dto }).toEqual(out(payload));
  };

  describe(name, () => {
    it('has a row for each field', () => expect(Object.keys(table).sort()).toEqual(validatedFieldsOf(type)));
    it('takes every field', () => takes(whole));
    it('takes the required fields alone', () => takes(required));

    it.each(INHERITED_NAMES)('leaves %s out', async (trick) => {
      const sent = JSON.stringify(whole).replace(
        '{',
        `{"${trick}":${JSON.stringify(whole)}${fields.length ? ',' : ''}`,
      );
      const dto = await parsePayload(type, JSON.parse(sent) as object);
      expect(dto).toBeInstanceOf(type);
      expect({ ...dto }).toEqual(out(JSON.parse(JSON.stringify(whole)) as Record<string, unknown>));
      const alone = JSON.parse(`{"${trick}":${JSON.stringify(whole)}}`) as object;
      const taken = await parsePayload(type, alone);
      if (Object.keys(required).length > 0) expect(taken).toBeUndefined();
      else expect({ ...taken }).toEqual({});
    });

    describe.each(fields)('%s', (field, { takes: right, refuses: wrong, optional }) => {
      it.each(right.map((value) => [toTestTitle(value), value]))('takes %s', (_, value) =>
        takes({ ...whole, [field]: value }),
      );
      it.each(wrong.map((value) => [toTestTitle(value), value]))('refuses %s', async (_, value) =>
        expect(await parsePayload(type, { ...whole, [field]: value })).toBeUndefined(),
      );
      it.each([null, undefined])(`${optional ? 'can' : 'cannot'} be %s`, async (nothing) => {
        const dto = await parsePayload(type, { ...whole, [field]: nothing });
        if (optional) expect(dto).toBeInstanceOf(type);
        else expect(dto).toBeUndefined();
      });
      it(`${optional ? 'can' : 'cannot'} be missing`, async () => {
        const { [field]: _, ...rest } = whole;
        if (optional) await takes(rest);
        else expect(await parsePayload(type, rest)).toBeUndefined();
      });
    });
  });
}

const toTestTitle = (value: unknown) => {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return (text.length > 60 ? `${text.slice(0, 50)}… (${text.length})` : text)
    .replaceAll('%', '%%')
    .replace(SAMPLE_UUID, 'a UUID');
};

/** Tests the input classes of a module; each needs a table of the values that its fields accept and refuse. */
export function describeDtoModule(module: object, tables: Readonly<Record<string, DtoFieldTable>>): void {
  const classes = findInputClasses(module);
  it('has a table for each class that clients send', () =>
    expect(Object.keys(tables).sort()).toEqual(classes.map(([name]) => name).sort()));
  for (const [name, type] of classes) if (tables[name]) describeDtoFields(name, type, tables[name]);
}
