import type { Texts } from '../en';
import { plural } from '../plural';

export const chat: Texts['chat'] = {
  title: 'Чат',
  log: 'История',
  message: 'Сообщение',
  placeholder: (room) => `Написать в «${room}»`,
  send: 'Отправить',
  save: 'Сохранить',
  edit: 'Изменить',
  editing: 'Правка сообщения',
  cancelEdit: 'Не менять',
  copy: 'Скопировать текст',
  copied: 'Текст скопирован',
  copyFailed: 'Не получилось скопировать текст.',
  delete: 'Удалить',
  deleteTitle: 'Удалить сообщение?',
  deleteText: 'Оно исчезнет у всех. Останется отметка, что здесь было сообщение.',
  deleted: 'Сообщение удалено.',
  edited: 'изменено',
  discard: 'Убрать',
  retry: 'Попробовать снова',
  pending: 'Ждёт отправки',
  sent: 'Отправлено',
  failed: 'Не отправлено.',
  newMessages: 'Новые сообщения',
  jump: 'К последнему сообщению',
  jumpNew: (count) =>
    plural('ru', count, {
      one: `${count} новое сообщение`,
      few: `${count} новых сообщения`,
      other: `${count} новых сообщений`,
    }),
  loadingOlder: 'Загружаются более ранние сообщения',
  loadingNewer: 'Загружаются более поздние сообщения',
  start: 'Это начало чата в этой комнате.',
  emptyTitle: 'Пока ничего не написано',
  emptyText: 'Поздоровайтесь: сообщение увидят все в комнате.',
  errorTitle: 'Сообщения не загрузились',
  errorSafe: 'Ничего не потеряно.',
  olderFailed: 'Более ранние сообщения не загрузились.',
  newerFailed: 'Более поздние сообщения не загрузились.',
  left: (count) =>
    plural('ru', count, {
      one: `Остался ${count} знак`,
      few: `Осталось ${count} знака`,
      other: `Осталось ${count} знаков`,
    }),
  tooLong: (count) =>
    plural('ru', count, {
      one: `${count} лишний знак`,
      few: `${count} лишних знака`,
      other: `${count} лишних знаков`,
    }),
  notKept: 'Слишком длинно: если закрыть страницу, черновик пропадёт',
  typing: (names) => {
    if (names.length > 2) return 'Несколько человек пишут';
    return names.length === 2 ? `${names[0]} и ${names[1]} пишут` : `${names[0]} пишет`;
  },
  actions: 'Действия с сообщением',
  placeholderDirect: (name) => `Написать: ${name}`,
  emptyDirect: (name) => `Поздоровайтесь: ${name}. В этом чате только вы двое.`,
  startDirect: (name) => `Здесь начинается ваш разговор с ${name}.`,
  closed: (name) => `Вы и ${name} не в контактах, поэтому здесь можно только читать.`,
  closedByBlock: (name) => `Вы заблокировали собеседника (${name}), поэтому здесь можно только читать.`,
  toUnblock: 'Разблокировать в разделе «Люди»',
  toPeople: 'Добавить в разделе «Люди»',
  callEnded: 'Звонок закончен',
  sealedFromHere: 'Отсюда сообщения запечатаны для устройств в этой комнате',
  missedFrom: (name, times) =>
    times === 1
      ? `Пропущенный звонок: ${name}`
      : plural('ru', times, {
          one: `${times} пропущенный звонок: ${name}`,
          few: `${times} пропущенных звонка: ${name}`,
          other: `${times} пропущенных звонков: ${name}`,
        }),
  noAnswerFrom: (names) => `Нет ответа: ${names}`,
  calledTimes: (name, times) =>
    plural('ru', times, {
      one: `Вы звонили ${times} раз: ${name}`,
      few: `Вы звонили ${times} раза: ${name}`,
      other: `Вы звонили ${times} раз: ${name}`,
    }),
  declinedBy: (names) => `Звонок отклонён: ${names}`,
  givenUp: (names) => `Вы звонили: ${names}`,
  youDeclined: (name) => `Вы отклонили звонок: ${name}`,
  calledOthers: (name, names) => `Звонок от ${name} для ${names}`,
};
