import type { Texts } from '../en';
import { plural } from '../plural';

export const common: Texts['common'] = {
  appName: 'WebCall',
  tagline: 'Звонки и чаты на своём сервере.',
  skipToContent: 'К содержанию',
  cancel: 'Отмена',
  close: 'Закрыть',
  dismissNote: 'Закрыть уведомление',
  save: 'Сохранить',
  retry: 'Попробовать снова',
  back: 'Назад',
  loading: 'Загрузка',
  more: 'Ещё',
  showMore: 'Показать ещё',
  today: 'Сегодня',
  yesterday: 'Вчера',
  deletedUser: 'Удалённый пользователь',
  you: 'Вы',
  showPassword: 'Показать пароль',
  hidePassword: 'Скрыть пароль',
  members: (count) =>
    plural('ru', count, { one: `${count} участник`, few: `${count} участника`, other: `${count} участников` }),
  unread: (count) =>
    plural('ru', count, {
      one: `${count} непрочитанное сообщение`,
      few: `${count} непрочитанных сообщения`,
      other: `${count} непрочитанных сообщений`,
    }),
  inCall: (count) =>
    plural('ru', count, {
      one: `В звонке ${count} человек`,
      few: `В звонке ${count} человека`,
      other: `В звонке ${count} человек`,
    }),
  roles: { owner: 'Владелец', moderator: 'Модератор', member: 'Участник', guest: 'Гость' },
};

export const connection: Texts['connection'] = {
  offline: 'Нет связи. Всё продолжится само, как только она появится.',
  pageWaits: 'Нет связи. Страница откроется, когда связь восстановится.',
  pageAfterCall: 'Страница не загрузилась. Откройте её после звонка.',
  pageFailed: 'Страница не загрузилась. Попробуйте ещё раз.',
  connecting: 'Соединение',
  unreachableTitle: 'Сервер недоступен',
  unreachableText: 'Проверьте сеть. Страница сама попробует ещё раз, ничего не потеряется.',
};

export const notFound: Texts['notFound'] = {
  title: 'Такой страницы нет',
  text: 'Возможно, ссылка неполная или то, на что она вела, удалено.',
  home: 'К Вашим комнатам',
};
