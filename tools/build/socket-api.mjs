/** Describes the socket's commands and events as an AsyncAPI document, from types and doc comments of the contracts. */
import ts from 'typescript';

const AN_ID = '6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b';

const INFO = {
  title: 'WebCall sockets',
  version: '1',
  description: `Chat and calls over Socket.IO at the default path, with the access token in \`auth.token\` of the handshake.

A command is an event of Socket.IO with one payload. Each is acknowledged with \`{"ok": true, …}\` or
\`{"ok": false, "error": …}\`, with the same codes as over REST. The server sends events by itself.

A refused handshake has the same kind of error as \`data\` of \`connect_error\`. If it is \`quota_reached\`, with
\`{"quota": "sockets", "limit": …}\` as its details, too many sockets of the user are open: retry rarely. \`chat:send\`
is refused with \`{"quota": "messages", "limit": …}\` until the next day (UTC), unless the message is stored already.`,
};

/** Parts of a schema that come from a property's decorators. */
const DECORATORS = { IsUUID: { format: 'uuid' }, IsInt: { type: 'integer' } };

const nameIn = ({ $ref }) => $ref?.split('/').at(-1);
const words = (symbol, checker) => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();

const isLate = (schema) => Number(schema.type === 'null' || schema.properties?.ok?.const === false);

/** Makes JSON schemas of types. Those with a name are collected. */
class Schemas {
  named = {};

  constructor(checker) {
    this.checker = checker;
  }

  of(type) {
    const name = this.nameOf(type);
    if (!name) return this.inline(type);
    if (!this.named[name]) {
      this.named[name] = {};
      const symbol = type.aliasSymbol ?? type.symbol;
      Object.assign(this.named[name], this.inline(type), this.described(symbol));
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  nameOf({ aliasSymbol, aliasTypeArguments, symbol, flags }) {
    if (aliasSymbol) return aliasTypeArguments ? undefined : aliasSymbol.name;
    const declared = symbol && symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface);
    return declared && flags & ts.TypeFlags.Object && !this.isLibrary(symbol) ? symbol.name : undefined;
  }

  isLibrary(symbol) {
    return symbol.declarations.some((declaration) => declaration.getSourceFile().fileName.includes('/node_modules/'));
  }

  inline(type) {
    const { flags } = type;
    if (flags & ts.TypeFlags.StringLiteral || flags & ts.TypeFlags.NumberLiteral) return { const: type.value };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: type.intrinsicName === 'true' };
    if (flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (flags & ts.TypeFlags.String) return { type: 'string' };
    if (flags & ts.TypeFlags.Number) return { type: 'number' };
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (flags & ts.TypeFlags.Unknown) return {};
    if (type.isUnion()) return this.union(type.types);
    if (this.checker.isArrayType(type)) {
      return { type: 'array', items: this.of(this.checker.getTypeArguments(type)[0]) };
    }
    if (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return this.object(type);
    throw new Error(`the socket carries a type that has no schema: ${this.checker.typeToString(type)}`);
  }

  union(types) {
    const all = types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const booleans = all.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral);
    const others = all.filter((type) => booleans.length < 2 || !booleans.includes(type));
    if (others.length > 1 && others.every((type) => type.isStringLiteral())) {
      return { type: 'string', enum: others.map(({ value }) => value) };
    }
    const schemas = others.map((type) => this.of(type));
    if (booleans.length === 2) schemas.push({ type: 'boolean' });
    // The usual case comes first: success before refusal, a value before null.
    schemas.sort((a, b) => isLate(a) - isLate(b));
    return schemas.length === 1 ? schemas[0] : { anyOf: schemas };
  }

  object(type) {
    const required = [];
    const properties = {};
    for (const property of this.checker.getPropertiesOfType(type)) {
      const schema = this.of(this.checker.getTypeOfSymbol(property));
      properties[property.name] = this.withWords(schema, property);
      if (!(property.flags & ts.SymbolFlags.Optional)) required.push(property.name);
    }
    const values = this.checker.getIndexInfosOfType(type)[0]?.type;
    const more = values && (values.flags & ts.TypeFlags.Never ? false : this.of(values));
    return {
      type: 'object',
      ...(required.length && { required }),
      properties,
      ...(more !== undefined && { additionalProperties: more }),
    };
  }

  /** Adds a property's own description; next to a reference it applies to the property, not to the referenced type. */
  withWords(schema, property) {
    const more = { ...this.described(property), ...this.decorated(property) };
    if (Object.keys(more).length === 0) return schema;
    return schema.$ref ? { allOf: [schema], ...more } : { ...schema, ...more };
  }

  described(symbol) {
    const description = words(symbol, this.checker);
    const tag = symbol.getJsDocTags(this.checker).find(({ name }) => name === 'example');
    const example = tag && ts.displayPartsToString(tag.text);
    return { ...(description && { description }), ...(example && { examples: [JSON.parse(example)] }) };
  }

  decorated(property) {
    const declaration = property.valueDeclaration;
    const decorators = (declaration && ts.canHaveDecorators(declaration) && ts.getDecorators(declaration)) || [];
    const names = decorators.map(({ expression }) => expression.expression?.text);
    return Object.assign({}, ...names.map((name) => DECORATORS[name]));
  }

  /** @returns an example that fits a schema, made from the examples in it. */
  example(schema, name = '') {
    if (schema.examples) return schema.examples[0];
    if (schema.$ref) return this.example(this.named[nameIn(schema)]);
    if ('const' in schema) return schema.const;
    if (schema.enum) return schema.enum[0];
    const one = schema.allOf?.[0] ?? schema.anyOf?.[0];
    if (one) return this.example(one, name);
    if (schema.type === 'object') {
      const required = schema.required ?? [];
      return Object.fromEntries(required.map((key) => [key, this.example(schema.properties[key], key)]));
    }
    if (schema.type === 'array') return [];
    if (schema.type === 'string') return schema.format === 'uuid' || /^id$|Id$/.test(name) ? AN_ID : 'text';
    return { boolean: true, number: 1, integer: 1 }[schema.type] ?? null;
  }
}

/** @returns the document, of the interfaces `ClientToServerCommands` and `ServerToClientEvents` in a program */
export function socketApi(program) {
  const checker = program.getTypeChecker();
  const source = program.getSourceFiles().find(({ fileName }) => fileName.endsWith('/libs/contracts/src/events.ts'));
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source));
  const members = (name) =>
    checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(exported.find((symbol) => symbol.name === name)));
  const schemas = new Schemas(checker);
  const [messages, operations] = [{}, {}];
  const channel = { $ref: '#/channels/socket' };
  const inputsOf = (symbol) =>
    checker
      .getTypeOfSymbol(symbol)
      .getCallSignatures()[0]
      .getParameters()
      .map((one) => checker.getTypeOfSymbol(one));

  const message = (key, name, summary, payload) => {
    messages[key] = { name, ...(summary && { summary }), payload, examples: [{ payload: schemas.example(payload) }] };
    return { $ref: `#/channels/socket/messages/${key}` };
  };
  const summaryOf = (symbol) => {
    const summary = words(symbol, checker);
    if (!summary) throw new Error(`${symbol.name} has no doc comment in ${source.fileName}`);
    return summary;
  };

  for (const command of members('ClientToServerCommands')) {
    const [input, ack] = inputsOf(command);
    const key = command.name.replace(':', '.');
    const payload = schemas.of(input);
    const answer = schemas.inline(
      ack
        .getCallSignatures()[0]
        .getParameters()
        .map((one) => checker.getTypeOfSymbol(one))[0],
    );
    const summary = summaryOf(command);
    operations[`command.${key}`] = {
      action: 'receive',
      channel,
      summary,
      messages: [message(`command.${key}`, command.name, summary, payload)],
      reply: { channel, messages: [message(`answer.${key}`, `${command.name} (answer)`, '', answer)] },
    };
  }
  for (const event of members('ServerToClientEvents')) {
    const key = `event.${event.name.replace(':', '.')}`;
    const payload = schemas.of(inputsOf(event)[0]);
    const summary = summaryOf(event);
    operations[key] = {
      action: 'send',
      channel,
      summary,
      messages: [message(key, event.name, summary, payload)],
    };
  }
  const names = Object.keys(messages);
  return {
    asyncapi: '3.0.0',
    info: INFO,
    defaultContentType: 'application/json',
    channels: {
      socket: {
        address: '/socket.io/',
        description: 'One Socket.IO connection of a signed-in device.',
        messages: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
      },
    },
    operations,
    components: { messages, schemas: schemas.named },
  };
}
