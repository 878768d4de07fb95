import { appendFile, closeSync, fstatSync, openSync, renameSync } from 'node:fs';
import { Writable } from 'node:stream';

/** The size from which a log is put aside, in bytes. */
const LIMIT = 20 * 1024 * 1024;

/**
 * A log on a disk that may be full: a failure is reported once, lines that cannot be written are dropped, and the log
 * goes on when there is space again. The previous log is kept as `.1`.
 */
export class LogFile extends Writable {
  failing = false;

  /**
   * @param complain gets messages about the log itself
   * @throws when the file cannot be opened
   */
  constructor(file, complain) {
    super({ decodeStrings: true });
    this.file = file;
    this.complain = complain;
    this.open();
  }

  open() {
    const fd = openSync(this.file, 'a', 0o600);
    this.size = fstatSync(fd).size;
    this.fd = fd;
  }

  _write(chunk, _encoding, done) {
    // A line that was cut off by a failure ends before the next one.
    const text = this.failing ? Buffer.concat([Buffer.from('\n'), chunk]) : chunk;
    appendFile(this.fd, text, (error) => {
      if (error && !this.failing) this.complain(`The log ${this.file} cannot be written for now: ${error.message}`);
      if (!error && this.failing) this.complain(`The log ${this.file} is written again.`);
      this.failing = Boolean(error);
      if (!error) this.size += text.length;
      if (this.size > LIMIT) this.putAside();
      done();
    });
  }

  putAside() {
    try {
      renameSync(this.file, `${this.file}.1`);
      const former = this.fd;
      // Opened before the former one is closed: without space for a new file the log goes on in the former one, and a
      // closed descriptor may soon belong to another file.
      this.open();
      closeSync(former);
    } catch (error) {
      this.size = 0;
      this.complain(`The log ${this.file} could not be put aside: ${error.message}`);
    }
  }

  _final(done) {
    closeSync(this.fd);
    done();
  }
}
