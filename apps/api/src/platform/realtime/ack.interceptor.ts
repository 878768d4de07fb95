import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';

/** Answers `{ok: true, …}` with what the handler returned. */
@Injectable()
export class AckInterceptor implements NestInterceptor<object | void, object> {
  intercept(_: ExecutionContext, next: CallHandler<object | void>): Observable<object> {
    return next.handle().pipe(map((answer) => ({ ok: true, ...answer })));
  }
}
