import 'reflect-metadata';
import metadata from './metadata';

process.stdout.write(`${typeof metadata}\n`);
