/** Pause before the page is loaded again, in ms. */
const RELOAD_AFTER_MS = 3_000;

/** A start that fails again within this time is not repeated by itself, in ms. */
const RELOAD_AGAIN_AFTER_MS = 60_000;
/** The key in the storage of the tab for the time of the last reload. */
const RELOADED_AT_KEY = 'webcall.reloaded-at';

/** In each language, because the texts of the app may be what is missing. */
const TEXTS = [
  {
    lang: 'en',
    title: 'WebCall could not be started',
    broken: 'Your browser may be too old.',
    lost: 'A part of it could not be loaded. Check your network.',
    reload: 'Try again',
  },
  {
    lang: 'ru',
    title: 'Не удалось запустить WebCall',
    broken: 'Возможно, браузер устарел.',
    lost: 'Не всё загрузилось. Проверьте сеть.',
    reload: 'Повторить',
  },
];

/**
 * Ends a start that cannot go on. If a part of the code was lost on the way, such as when the network changed, the page
 * is loaded again after a pause, once and not without a network, where the browser's error page would take its place:
 * browsers do not always ask for it a second time. Any other error would come again without end, so it is shown instead
 * of the splash.
 */
export function handleStartFailure(error: unknown): void {
  console.error('the app could not be started', error);
  // Each browser has its own words, and all speak of a module.
  const lostModule = error instanceof TypeError && /module/i.test(error.message);
  if (lostModule && !navigator.onLine) {
    addEventListener('online', () => location.reload(), { once: true });
    showStartFailure('lost');
  } else if (lostModule && claimReload()) setTimeout(() => location.reload(), RELOAD_AFTER_MS);
  else showStartFailure(lostModule ? 'lost' : 'broken');
}

/** @returns whether the page may be loaded again by itself */
function claimReload(): boolean {
  try {
    const isTooSoon = Date.now() - Number(sessionStorage.getItem(RELOADED_AT_KEY)) < RELOAD_AGAIN_AFTER_MS;
    if (!isTooSoon) sessionStorage.setItem(RELOADED_AT_KEY, String(Date.now()));
    return !isTooSoon;
  } catch (storageError) {
    console.debug('the browser refuses to store values', storageError);
    return false;
  }
}

function showStartFailure(why: 'broken' | 'lost'): void {
  const main = document.createElement('main');
  main.setAttribute('role', 'alert');
  main.className = 'start-failure';
  for (const { lang, title, reload, ...texts } of TEXTS) {
    const section = document.createElement('section');
    section.lang = lang;
    const button = createTextElement('button', reload);
    button.addEventListener('click', () => location.reload());
    section.append(createTextElement('h1', title), createTextElement('p', texts[why]), button);
    main.append(section);
  }
  document.body.replaceChildren(main);
}

function createTextElement(tag: 'h1' | 'p' | 'button', text: string): HTMLElement {
  return Object.assign(document.createElement(tag), { textContent: text });
}
