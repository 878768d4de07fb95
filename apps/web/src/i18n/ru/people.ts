import type { Texts } from '../en';
import { plural } from '../plural';

export const people: Texts['people'] = {
  title: 'Люди',
  text: 'Контакты видят, когда Вы здесь, и могут Вам позвонить.',
  find: 'Найти людей',
  findHint: 'Имя или его начало: от трёх букв.',
  nobodyFound: (name) => `Никого с именем на «${name}» здесь нет.`,
  searchError: 'Поиск не удался',
  found: 'Нашлись',
  requests: 'Хотят быть в контактах',
  contacts: 'Контакты',
  requested: 'Ждём ответа',
  blocked: 'Заблокированы',
  request: 'Добавить',
  requestNamed: (name) => `Добавить в контакты: ${name}`,
  accept: 'Принять',
  acceptNamed: (name) => `Принять: ${name}`,
  decline: 'Отклонить',
  declineNamed: (name) => `Отклонить: ${name}`,
  withdraw: 'Отозвать',
  withdrawNamed: (name) => `Отозвать заявку: ${name}`,
  write: (name) => `Написать: ${name}`,
  actionsFor: (name) => `Действия: ${name}`,
  writeShort: 'Написать',
  about: (name) => `Кто это: ${name}`,
  addContact: 'Добавить в контакты',
  acceptRequest: 'Принять заявку',
  withdrawRequest: 'Отозвать заявку',
  contactsOnly: (name) => `Писать и звонить друг другу Вы и ${name} сможете, когда добавитесь в контакты.`,
  guestNote: 'Гость, только в этой комнате',
  cardError: 'Не получилось загрузить',
  remove: 'Убрать из контактов',
  removeTitle: (name) => `Убрать из контактов: ${name}?`,
  removeText:
    'Вы перестанете видеть присутствие друг друга, а переписка закроется, пока кто-нибудь из вас не откроет её снова — для этого нужна общая комната. Написанное останется.',
  removeConfirm: 'Убрать',
  block: 'Заблокировать',
  blockTitle: (name) => `Заблокировать: ${name}?`,
  blockText:
    'Этот человек не сможет ни писать Вам, ни звонить и не узнает об этом. В общих комнатах вы по-прежнему читаете друг друга. Если разблокировать, в контакты нужно будет добавиться заново.',
  unblock: 'Разблокировать',
  unblockNamed: (name) => `Разблокировать: ${name}`,
  relation: {
    requested: 'Ответа пока нет',
    asked: 'Хочет быть в контактах',
    contact: 'В контактах',
    blocked: 'Вы заблокировали',
  },
  emptyTitle: 'Контактов пока нет',
  emptyText: 'Найдите человека по имени и добавьте. Когда он согласится, можно будет писать и звонить друг другу.',
  error: 'Не получилось загрузить контакты',
  waiting: (count) =>
    plural('ru', count, {
      one: `${count} заявка ждёт`,
      few: `${count} заявки ждут`,
      other: `${count} заявок ждут`,
    }),
};

export const presence: Texts['presence'] = {
  online: 'В сети',
  in_call: 'В звонке',
  away: 'Нет на месте',
  offline: 'Не в сети',
  unknown: 'Без связи неизвестно',
  lastSeen: (when) => `Последний раз здесь: ${when}`,
};

export const history: Texts['history'] = {
  title: 'Звонки',
  text: 'Звонки, которые Вы начали, в которых были или которые пропустили.',
  emptyTitle: 'Звонков пока нет',
  emptyText: 'Здесь будут звонки с Вашими контактами и в Ваших комнатах.',
  error: 'Не получилось загрузить звонки',
  more: 'Показать более ранние',
  part: { started: 'Исходящий', joined: 'Входящий', missed: 'Пропущен', declined: 'Отклонён Вами' },
  unasked: { started: 'Начали Вы', joined: 'Вы вошли' },
  answer: { declined: 'Отклонён', cancelled: 'Отменён', missed: 'Нет ответа' },
  running: 'Идёт сейчас',
  withPeople: (names) => `с участием: ${names}`,
  openRoom: (name) => `Открыть: ${name}`,
};
