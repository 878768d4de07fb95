import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { PROTOCOL_LIMITS } from './limits';
import { MaxLength, NumberFromQuery } from './validation-rules';

/** How many entries of a list are asked for. */
export class PageLimitDto {
  /**
   * The greatest number of entries: 100 at most, 50 by default.
   * @example 20
   */
  @IsOptional()
  @NumberFromQuery()
  @IsInt()
  @Min(1)
  @Max(PROTOCOL_LIMITS.page.max)
  limit?: number;
}

/** A request for one page of a list. */
export class PageQueryDto extends PageLimitDto {
  /**
   * The `next` of the previous page.
   * @example "WyJraXRjaGVuIiwiNmYxYTJiM2MtNGQ1ZS00ZjYwLThhN2ItOWMwZDFlMmYzYTRiIl0"
   */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  cursor?: string;
}

/** One page of a list, without its entries. */
export class PageDto {
  /**
   * The `cursor` of the next page; null at the end.
   * @example "WyJraXRjaGVuIiwiNmYxYTJiM2MtNGQ1ZS00ZjYwLThhN2ItOWMwZDFlMmYzYTRiIl0"
   */
  next!: string | null;
}
