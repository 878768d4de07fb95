import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validate } from 'class-validator';
import { INPUT_OPTIONS } from '../rules';
import { UUID, type Field } from './fields';

export type DtoClass = new () => object;
export type Table = Readonly<Record<string, Field>>;

/** The fields of a class that have rules; those of a class that only describes answers have none. */
function ruledFields(type: DtoClass): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))].sort();
}

/** The classes of a module that say what is taken in. */
export function inputClasses(module: object): [string, DtoClass][] {
  const classes = Object.entries(module).filter((entry): entry is [string, DtoClass] => typeof entry[1] === 'function');
  return classes.filter(([, type]) => ruledFields(type).length > 0);
}

/** Reads a payload as the server's pipe does. @returns undefined when it is refused */
export async function read(type: DtoClass, payload: object): Promise<object | undefined> {
  const dto = plainToInstance(type, structuredClone(payload));
  const errors = await validate(dto, { ...INPUT_OPTIONS, forbidUnknownValues: false });
  return errors.length > 0 ? undefined : dto;
}

/** Names that objects have without being told. None of them may get through or stand in for a field. */
const TRICKS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'more'];

function describeDto(name: string, type: DtoClass, table: Table): void {
  const fields = Object.entries(table);
  const whole = Object.fromEntries(fields.map(([field, { takes }]) => [field, takes[0]]));
  const needed = Object.fromEntries(
    fields.filter(([, { optional }]) => !optional).map(([field]) => [field, whole[field]]),
  );
  const out = (payload: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(payload).map(([field, value]) => [field, table[field]?.becomes?.(value) ?? value]),
    );
  const takes = async (payload: Readonly<Record<string, unknown>>) => {
    const dto = await read(type, payload);
    expect(dto).toBeInstanceOf(type);
    expect({ ...dto }).toEqual(out(payload));
  };

  describe(name, () => {
    it('has a row for each field', () => expect(Object.keys(table).sort()).toEqual(ruledFields(type)));
    it('takes every field', () => takes(whole));
    it('takes no more than it needs', () => takes(needed));

    it.each(TRICKS)('leaves %s out', async (trick) => {
      const sent = JSON.stringify(whole).replace(
        '{',
        `{"${trick}":${JSON.stringify(whole)}${fields.length ? ',' : ''}`,
      );
      const dto = await read(type, JSON.parse(sent) as object);
      expect(dto).toBeInstanceOf(type);
      expect({ ...dto }).toEqual(out(JSON.parse(JSON.stringify(whole)) as Record<string, unknown>));
      const alone = JSON.parse(`{"${trick}":${JSON.stringify(whole)}}`) as object;
      const taken = await read(type, alone);
      if (Object.keys(needed).length > 0) expect(taken).toBeUndefined();
      else expect({ ...taken }).toEqual({});
    });

    describe.each(fields)('%s', (field, { takes: right, refuses: wrong, optional }) => {
      it.each(right.map((value) => [shown(value), value]))('takes %s', (_, value) =>
        takes({ ...whole, [field]: value }),
      );
      it.each(wrong.map((value) => [shown(value), value]))('refuses %s', async (_, value) =>
        expect(await read(type, { ...whole, [field]: value })).toBeUndefined(),
      );
      it.each([null, undefined])(`${optional ? 'can' : 'cannot'} be %s`, async (nothing) => {
        const dto = await read(type, { ...whole, [field]: nothing });
        if (optional) expect(dto).toBeInstanceOf(type);
        else expect(dto).toBeUndefined();
      });
      it(`${optional ? 'can' : 'cannot'} be missing`, async () => {
        const { [field]: _, ...rest } = whole;
        if (optional) await takes(rest);
        else expect(await read(type, rest)).toBeUndefined();
      });
    });
  });
}

const shown = (value: unknown) => {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return (text.length > 60 ? `${text.slice(0, 50)}… (${text.length})` : text)
    .replaceAll('%', '%%')
    .replace(UUID, 'a UUID');
};

/** One table for each class of a module that says what is taken in: what its fields take, and what they refuse. */
export function describeDtos(module: object, tables: Readonly<Record<string, Table>>): void {
  const classes = inputClasses(module);
  it('has a table for each class that clients send', () =>
    expect(Object.keys(tables).sort()).toEqual(classes.map(([name]) => name).sort()));
  for (const [name, type] of classes) if (tables[name]) describeDto(name, type, tables[name]);
}
