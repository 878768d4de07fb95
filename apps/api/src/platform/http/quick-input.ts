import { getMetadataStorage } from 'class-validator';

type Dto = Record<string, unknown>;
type DtoClass = new () => Dto;
type Plain = Readonly<Record<string, unknown>>;

/** What a property has to be, as the decorators of its class say. */
interface Property {
  name: string;
  /** Whether the other rules hold for this value at all: `@IsOptional`. */
  conditions: ((object: object, value: unknown) => boolean)[];
  rules: ((object: object, value: unknown) => unknown)[];
  nested: DtoClass | undefined;
}

const known = new Map<unknown, readonly Property[] | undefined>();

/**
 * Takes input that is right the quick way. The library looks all decorators up again for every value, which takes longer
 * than all else that is done for a signal; here they are read once. Whatever is not plainly right is left to the library,
 * which says what is wrong with it or makes it right.
 * @returns an instance of the class with the properties that it names, or undefined
 */
export function quickInput(type: unknown, value: unknown): object | undefined {
  if (!known.has(type)) known.set(type, typeof type === 'function' ? propertiesOf(type as DtoClass) : undefined);
  const properties = known.get(type);
  if (!properties || !isPlain(value)) return undefined;
  const input = new (type as DtoClass)();
  for (const { name } of properties) if (Object.hasOwn(value, name)) input[name] = value[name];
  for (const property of properties) if (!fits(property, input)) return undefined;
  return input;
}

function fits({ name, conditions, rules, nested }: Property, input: Dto): boolean {
  const value = input[name];
  if (!conditions.every((holds) => holds(input, value))) return true;
  if (!rules.every((holds) => holds(input, value) === true)) return false;
  if (!nested || value === undefined) return true;
  input[name] = quickInput(nested, value);
  return input[name] !== undefined;
}

/** Not an array, nor anything that came as bytes. */
function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** @returns undefined for a class whose rules cannot be read so */
function propertiesOf(type: DtoClass): Property[] | undefined {
  const storage = getMetadataStorage();
  const properties = new Map<string, Property>();
  const all = storage.getTargetValidationMetadatas(type, '', false, false);
  for (const metadata of all) {
    const name = metadata.propertyName;
    const property = properties.get(name) ?? { name, conditions: [], rules: [], nested: undefined };
    properties.set(name, property);
    if (metadata.each || metadata.validateIf) return undefined;
    if (metadata.type === 'conditionalValidation') {
      property.conditions.push(metadata.constraints[0] as Property['conditions'][number]);
    } else if (metadata.type === 'nestedValidation') {
      property.nested = Reflect.getMetadata('design:type', type.prototype as object, name) as DtoClass;
      if (!propertiesOf(property.nested)) return undefined;
    } else if (metadata.type === 'customValidation') {
      for (const { instance } of storage.getTargetValidatorConstraints(metadata.constraintCls)) {
        const { constraints } = metadata;
        property.rules.push((object, value) =>
          instance.validate(value, { value, object, constraints, property: name, targetName: type.name }),
        );
      }
    } else {
      return undefined;
    }
  }
  return properties.size > 0 ? [...properties.values()] : undefined;
}
