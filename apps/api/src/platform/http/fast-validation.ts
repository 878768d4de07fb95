import { TransformationType } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage } from 'class-validator';

type Dto = Record<string, unknown>;
type DtoClass = new () => Dto;
type PlainObject = Readonly<Record<string, unknown>>;

/** The validation rules of one property, read from the decorators of its class. */
interface PropertyRules {
  name: string;
  /** Whether the other rules apply to this value at all: `@IsOptional`. */
  conditions: ((object: object, value: unknown) => boolean)[];
  rules: ((object: object, value: unknown) => unknown)[];
  nested: DtoClass | undefined;
}

const rulesByClass = new Map<unknown, readonly PropertyRules[] | undefined>();

/**
 * Reads the rules of all classes that describe input, when the server starts.
 * @throws Error for a rule of an unknown kind: it would be skipped without a word otherwise
 */
export function prepareFastValidation(types: readonly unknown[]): void {
  for (const type of types) rulesOfClass(type);
}

/**
 * Validates valid input quickly. The library looks up all decorators again for every value, which takes longer than
 * all other work for a signal; here they are read once. Input that is not clearly valid is left to the library, which
 * describes or repairs the problems.
 * @returns an instance of the class with the properties that it declares, or undefined
 */
export function tryFastValidation(type: unknown, value: unknown): object | undefined {
  const properties = rulesOfClass(type);
  if (!properties || !isPlainObject(value)) return undefined;
  const input = new (type as DtoClass)();
  for (const { name } of properties) if (Object.hasOwn(value, name)) input[name] = value[name];
  for (const property of properties) if (!fitsPropertyRules(property, input)) return undefined;
  return input;
}

function rulesOfClass(type: unknown): readonly PropertyRules[] | undefined {
  if (!rulesByClass.has(type))
    rulesByClass.set(type, typeof type === 'function' ? readPropertyRules(type as DtoClass) : undefined);
  return rulesByClass.get(type);
}

function fitsPropertyRules({ name, conditions, rules, nested }: PropertyRules, input: Dto): boolean {
  const value = input[name];
  for (const holds of conditions) if (!holds(input, value)) return true;
  for (const holds of rules) if (holds(input, value) !== true) return false;
  if (!nested || value === undefined) return true;
  input[name] = tryFastValidation(nested, value);
  return input[name] !== undefined;
}

/** Neither an array nor binary data. */
function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** @returns undefined for a class whose input is left to the library: lists, conditions, changed or hidden values */
function readPropertyRules(type: DtoClass): PropertyRules[] | undefined {
  const storage = getMetadataStorage();
  const properties = new Map<string, PropertyRules>();
  const all = storage.getTargetValidationMetadatas(type, '', false, false);
  if (changesValues(type, new Set(all.map(({ propertyName }) => propertyName)))) return undefined;
  for (const metadata of all) {
    const name = metadata.propertyName;
    const property = properties.get(name) ?? { name, conditions: [], rules: [], nested: undefined };
    properties.set(name, property);
    if (metadata.each || metadata.validateIf) return undefined;
    if (metadata.type === 'conditionalValidation') {
      property.conditions.push(metadata.constraints[0] as PropertyRules['conditions'][number]);
    } else if (metadata.type === 'nestedValidation') {
      property.nested = Reflect.getMetadata('design:type', type.prototype as object, name) as DtoClass;
      if (!readPropertyRules(property.nested)) return undefined;
    } else if (metadata.type === 'customValidation') {
      for (const { instance } of storage.getTargetValidatorConstraints(metadata.constraintCls)) {
        const { constraints } = metadata;
        property.rules.push((object, value) =>
          instance.validate(value, { value, object, constraints, property: name, targetName: type.name }),
        );
      }
    } else if (metadata.type !== 'whitelistValidation') {
      throw new Error(`${type.name}.${name} has a rule of type ${metadata.type}, which fast validation does not know`);
    }
  }
  return properties.size > 0 ? [...properties.values()] : undefined;
}

/** Whether class-transformer does more to values of the class than giving nested ones their class. */
function changesValues(type: DtoClass, names: ReadonlySet<string>): boolean {
  return (
    defaultMetadataStorage.getExcludedMetadatas(type).length > 0 ||
    defaultMetadataStorage.getExposedMetadatas(type).length > 0 ||
    [...names].some(
      (name) => defaultMetadataStorage.findTransformMetadatas(type, name, TransformationType.PLAIN_TO_CLASS).length > 0,
    )
  );
}
