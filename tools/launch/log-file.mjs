import { appendFile, closeSync, fstatSync, openSync, renameSync } from 'node:fs';
import { Writable } from 'node:stream';

/** From which size on a log is put aside, in bytes. */
const LIMIT = 20 * 1024 * 1024;

/**
 * A log on a disk that may be full: that it cannot be written is said once, what cannot be written is dropped, and it goes
 * on when there is space again. The one before is kept as `.1`.
 */
export class LogFile extends Writable {
  failing = false;

  /**
   * @param complain takes the sentences about the log itself
   * @throws when the file cannot be made
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
    // What was cut off in the middle of a line ends there.
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
      // Where there is no space for a new file, it goes on in the former one: a closed number may soon be somebody else's.
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
