import { DefaultUrlSerializer, type UrlTree } from '@angular/router';

const AFTER_CODE = /^(\/(?:join|r)\/[\w-]+)[^\w\-/?#][^/?#]*/;

/**
 * Reads the addresses of pages. The code of an invitation or a room ends where no character of a code follows: programs
 * that make links of texts often take the end of the sentence for a part of the link, as in `/join/CODE,`.
 */
export class AddressSerializer extends DefaultUrlSerializer {
  override parse(address: string): UrlTree {
    return super.parse(address.replace(AFTER_CODE, '$1'));
  }
}
