import type {
  ChangePasswordDto,
  ChangeProfileDto,
  DeleteAccountDto,
  LoginDto,
  RefreshDto,
  RegisterDto,
  ResetPasswordDto,
  SessionsDto,
  SignedInDto,
  UserDto,
} from './auth.dto';
import type { MessageChangesQueryDto, MessagesDto, MessagesQueryDto } from './chat.dto';
import type {
  ChangeContactDto,
  ChangePreferencesDto,
  ContactDto,
  ContactsDto,
  FindUsersDto,
  PersonCardDto,
  PersonDto,
  PreferencesDto,
  RequestContactDto,
} from './contacts.dto';
import type {
  AskPairingDto,
  DeviceListDto,
  DeviceListsDto,
  DeviceListsQueryDto,
  DeviceSessionDto,
  FoundKeyPackageDto,
  KeyPackageDto,
  NewIdentityDto,
  NewStartDto,
  OwnDevicesDto,
  PairingApprovalDto,
  PairingOutcomeDto,
  PairingsDto,
  SignedDeviceListDto,
} from './devices.dto';
import type { RemovalsDto } from './moderation.dto';
import type { PageQueryDto } from './pages.dto';
import type { CallHistoryDto } from './rings.dto';
import type {
  AppendChainItemDto,
  ChainDto,
  ClaimCommitDto,
  CommitClaimDto,
  CommitsDto,
  EncryptRoomDto,
  FromNumberQueryDto,
  GroupInfoDto,
  KeyAnswerDto,
  KeyRequestDto,
  KeyRequestsDto,
  MemberVersionsDto,
  MemberVersionsQueryDto,
  NumberedKeyAnswerDto,
  RoomEncryptionDto,
  SendCommitDto,
  TakenDto,
  WelcomeDto,
} from './room-groups.dto';
import type {
  BrowseRoomsDto,
  ChangeMembershipDto,
  ChangeRoleDto,
  ChangeRoomDto,
  CreateInvitationDto,
  CreateRoomDto,
  InvitationDto,
  InvitationPreviewDto,
  InvitationsDto,
  JoinAsGuestDto,
  MemberDto,
  MembersDto,
  PublicRoomsDto,
  RoomDto,
  RoomsDto,
} from './rooms.dto';
import type { ServerDto } from './server.dto';
import type {
  AddVaultWrapsDto,
  AppendToVaultDto,
  VaultAppendedDto,
  VaultEntriesDto,
  VaultEntriesQueryDto,
  VaultWrapsDto,
  VaultWrapsQueryDto,
} from './vault.dto';

/** What the path of every REST endpoint begins with. */
export const REST_BASE_PATH = '/api/v1';

/**
 * All REST endpoints, by method and path below `REST_BASE_PATH`: the query and the body that they take, and their
 * answer. What each of them does is in the doc comment of its controller's method.
 */
export interface RestRoutes {
  'POST /auth/register': { body: RegisterDto; answer: SignedInDto };
  'POST /auth/login': { body: LoginDto; answer: SignedInDto };
  'POST /auth/refresh': { body: RefreshDto; answer: SignedInDto };
  'POST /auth/reset-password': { body: ResetPasswordDto; answer: void };
  'POST /auth/logout': { answer: void };
  'GET /auth/me': { answer: UserDto };
  'PATCH /auth/me': { body: ChangeProfileDto; answer: UserDto };
  'DELETE /auth/me': { body: DeleteAccountDto; answer: void };
  'POST /auth/password': { body: ChangePasswordDto; answer: void };
  'GET /auth/sessions': { query: PageQueryDto; answer: SessionsDto };
  'DELETE /auth/sessions': { answer: void };
  'DELETE /auth/sessions/:sessionId': { answer: void };

  'GET /users': { query: FindUsersDto; answer: PersonDto[] };
  'GET /users/:userId': { answer: PersonCardDto };
  'GET /contacts': { query: PageQueryDto; answer: ContactsDto };
  'POST /contacts': { body: RequestContactDto; answer: ContactDto };
  'PATCH /contacts/:userId': { body: ChangeContactDto; answer: ContactDto };
  'DELETE /contacts/:userId': { answer: void };
  'POST /contacts/:userId/accept': { answer: ContactDto };
  'POST /contacts/:userId/decline': { answer: void };
  'POST /contacts/:userId/withdraw': { answer: void };
  'POST /contacts/:userId/room': { answer: RoomDto };
  'PUT /contacts/:userId/block': { answer: ContactDto };
  'DELETE /contacts/:userId/block': { answer: void };
  'GET /preferences': { answer: PreferencesDto };
  'PATCH /preferences': { body: ChangePreferencesDto; answer: PreferencesDto };

  'GET /rooms': { query: PageQueryDto; answer: RoomsDto };
  'POST /rooms': { body: CreateRoomDto; answer: RoomDto };
  'GET /rooms/public': { query: BrowseRoomsDto; answer: PublicRoomsDto };
  'GET /rooms/:roomId': { answer: RoomDto };
  'PATCH /rooms/:roomId': { body: ChangeRoomDto; answer: RoomDto };
  'DELETE /rooms/:roomId': { answer: void };
  'PATCH /rooms/:roomId/membership': { body: ChangeMembershipDto; answer: RoomDto };
  'POST /rooms/:roomId/join': { answer: RoomDto };
  'POST /rooms/:roomId/leave': { answer: void };
  'GET /rooms/:roomId/members': { query: PageQueryDto; answer: MembersDto };
  'PATCH /rooms/:roomId/members/:userId': { body: ChangeRoleDto; answer: MemberDto };
  'DELETE /rooms/:roomId/members/:userId': { answer: void };
  'GET /rooms/:roomId/removals': { query: PageQueryDto; answer: RemovalsDto };
  'DELETE /rooms/:roomId/removals/:userId': { answer: void };
  'GET /rooms/:roomId/invitations': { query: PageQueryDto; answer: InvitationsDto };
  'POST /rooms/:roomId/invitations': { body: CreateInvitationDto; answer: InvitationDto };
  'DELETE /rooms/:roomId/invitations/:invitationId': { answer: void };
  'GET /invitations/:code': { answer: InvitationPreviewDto };
  'POST /invitations/:code/join': { answer: RoomDto };
  'POST /invitations/:code/guest': { body: JoinAsGuestDto; answer: SignedInDto };

  'GET /rooms/:roomId/messages': { query: MessagesQueryDto; answer: MessagesDto };
  'GET /rooms/:roomId/messages/changes': { query: MessageChangesQueryDto; answer: MessagesDto };

  'GET /devices': { answer: OwnDevicesDto };
  'PUT /devices/list': { body: SignedDeviceListDto; answer: void };
  'GET /devices/lists': { query: DeviceListsQueryDto; answer: DeviceListsDto };
  'PUT /devices/:deviceId/session': { body: DeviceSessionDto; answer: void };
  'PUT /devices/key-package': { body: KeyPackageDto; answer: void };
  'PUT /devices/new-start': { body: NewIdentityDto; answer: NewStartDto };
  'PUT /devices/new-start/agreement': { body: NewIdentityDto; answer: void };
  'DELETE /devices/new-start': { answer: void };
  'GET /devices/pairings': { answer: PairingsDto };
  'POST /devices/pairings': { body: AskPairingDto; answer: void };
  'DELETE /devices/pairings/:pairingId': { answer: void };
  'GET /devices/pairings/:pairingId/approval': { answer: PairingOutcomeDto };
  'PUT /devices/pairings/:pairingId/approval': { body: PairingApprovalDto; answer: void };
  'GET /users/:userId/device-lists/:identity': { answer: DeviceListDto };
  'GET /users/:userId/devices/:deviceId/key-package': { answer: FoundKeyPackageDto };
  'GET /vaults/:identity/entries': { query: VaultEntriesQueryDto; answer: VaultEntriesDto };
  'POST /vaults/:identity/entries': { body: AppendToVaultDto; answer: VaultAppendedDto };
  'GET /vaults/:identity/wraps': { query: VaultWrapsQueryDto; answer: VaultWrapsDto };
  'POST /vaults/:identity/wraps': { body: AddVaultWrapsDto; answer: void };
  'DELETE /vaults/:identity': { answer: void };

  'GET /rooms/:roomId/encryption': { answer: RoomEncryptionDto };
  'POST /rooms/:roomId/encryption': { body: EncryptRoomDto; answer: RoomEncryptionDto };
  'GET /rooms/:roomId/encryption/members': { query: MemberVersionsQueryDto; answer: MemberVersionsDto };
  'GET /rooms/:roomId/chain': { query: FromNumberQueryDto; answer: ChainDto };
  'POST /rooms/:roomId/chain': { body: AppendChainItemDto; answer: TakenDto };
  'GET /rooms/:roomId/groups/:groupId/commits': { query: FromNumberQueryDto; answer: CommitsDto };
  'POST /rooms/:roomId/groups/:groupId/commits': { body: SendCommitDto; answer: TakenDto };
  'POST /rooms/:roomId/groups/:groupId/claim': { body: ClaimCommitDto; answer: CommitClaimDto };
  'GET /rooms/:roomId/groups/:groupId/info': { answer: GroupInfoDto };
  'GET /rooms/:roomId/groups/:groupId/welcome': { answer: WelcomeDto };
  'POST /rooms/:roomId/groups/:groupId/welcome': { answer: void };
  'DELETE /rooms/:roomId/groups/:groupId/welcome/:welcomeId': { answer: void };
  'GET /rooms/:roomId/key-requests': { answer: KeyRequestsDto };
  'PUT /rooms/:roomId/key-requests/own': { body: KeyRequestDto; answer: void };
  'DELETE /rooms/:roomId/key-requests/own': { answer: void };
  'GET /rooms/:roomId/key-requests/own/answers': { query: FromNumberQueryDto; answer: NumberedKeyAnswerDto };
  'POST /rooms/:roomId/key-requests/:userId/:deviceId/answers': { body: KeyAnswerDto; answer: TakenDto };
  'GET /calls': { query: PageQueryDto; answer: CallHistoryDto };
  'GET /server': { answer: ServerDto };
}

/** A REST endpoint, such as `GET /rooms/:roomId`. */
export type RestRoute = keyof RestRoutes;

/** What an endpoint answers when it succeeds. */
export type RestAnswer<R extends RestRoute> = RestRoutes[R]['answer'];

/** What a request to an endpoint consists of: the parameters in its path by name, and its query or body. */
export type RestRequest<R extends RestRoute> = RestInput &
  Record<PathParameter<R>, string> &
  QueryPart<R> &
  BodyPart<R>;

/** The request to an endpoint as an argument, which may be missing when the endpoint needs nothing. */
export type RestRequestArguments<R extends RestRoute> =
  Record<never, never> extends RestRequest<R> ? [request?: RestRequest<R>] : [request: RestRequest<R>];

interface RestInput {
  query?: object;
  body?: object;
}

type PathParameter<Path extends string> = Path extends `${string}/:${infer Name}/${infer Rest}`
  ? Name | PathParameter<`/${Rest}`>
  : Path extends `${string}/:${infer Name}`
    ? Name
    : never;

type QueryPart<R extends RestRoute> = RestRoutes[R] extends { query: infer Query }
  ? Record<never, never> extends Query
    ? { query?: OrNull<Query> }
    : { query: OrNull<Query> }
  : { query?: never };

type BodyPart<R extends RestRoute> = RestRoutes[R] extends { body: infer Body } ? { body: Body } : { body?: never };

/** Optional fields may also be null, like the cursor of the first page. */
type OrNull<Query> = { [Field in keyof Query]: undefined extends Query[Field] ? Query[Field] | null : Query[Field] };

type MethodOf<R> = R extends `${infer Method} ${string}` ? Method : never;

/** A request as HTTP has it: the parameters and the query are in the URL, which begins with `REST_BASE_PATH`. */
export interface HttpRequest {
  method: MethodOf<RestRoute>;
  url: string;
  body?: object;
}

/**
 * Encodes the parameters and the query of a request into its URL. Fields of the query that are missing, null or empty
 * are left out.
 * @throws RangeError for a parameter that would lead to another endpoint
 */
export function toHttpRequest<R extends RestRoute>(route: R, ...[request]: RestRequestArguments<R>): HttpRequest {
  const { query, body, ...params }: RestInput = request ?? {};
  const [method, template] = route.split(' ') as [HttpRequest['method'], string];
  const values = new Map<string, unknown>(Object.entries(params));
  const path = template.replace(/:(\w+)/g, (_, name: string) => encodePathParameter(String(values.get(name))));
  return { method, url: REST_BASE_PATH + path + toQueryString(query), body };
}

function encodePathParameter(value: string): string {
  // Browsers resolve such a step in a path even if it is encoded.
  if (/^\.{0,2}$/.test(value)) throw new RangeError(`“${value}” cannot stand in a path`);
  return encodeURIComponent(value);
}

function toQueryString(query: object = {}): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return set.length
    ? `?${new URLSearchParams(set.map(([key, value]): [string, string] => [key, String(value)])).toString()}`
    : '';
}
