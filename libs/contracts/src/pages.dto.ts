import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { LIMITS } from './limits';
import { MaxLength, NumberFromQuery } from './rules';

/** Which page of a list. */
export class PageQueryDto {
  /**
   * The `next` of the page before.
   * @example "WyJraXRjaGVuIiwiNmYxYTJiM2MtNGQ1ZS00ZjYwLThhN2ItOWMwZDFlMmYzYTRiIl0"
   */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  cursor?: string;

  /**
   * How many entries: 100 at most, 50 if nothing is said.
   * @example 20
   */
  @IsOptional()
  @NumberFromQuery()
  @IsInt()
  @Min(1)
  @Max(LIMITS.page.max)
  limit?: number;
}

/** What every page of a list has beside its entries. */
export class PageDto {
  /**
   * Pass it as `cursor` for the next page; null at the end.
   * @example "WyJraXRjaGVuIiwiNmYxYTJiM2MtNGQ1ZS00ZjYwLThhN2ItOWMwZDFlMmYzYTRiIl0"
   */
  next!: string | null;
}
