/** Pause before the page is loaded again, in ms. */
const RELOAD_AFTER_MS = 3_000;

/** In each language, because the texts of the app may be what is missing. */
const TEXTS = [
  { lang: 'en', title: 'WebCall could not be started', text: 'Your browser may be too old.', reload: 'Try again' },
  { lang: 'ru', title: 'Не удалось запустить WebCall', text: 'Возможно, браузер устарел.', reload: 'Повторить' },
];

/**
 * Ends a start that cannot go on. If a part of the code was lost on the way, such as when the network changed, the page
 * is loaded again after a pause: browsers do not always ask for it a second time. Any other error would come again
 * without end, so it is shown instead of the splash.
 */
export function handleStartFailure(error: unknown): void {
  console.error('the app could not be started', error);
  // Each browser has its own words, and all speak of a module.
  const lostModule = error instanceof TypeError && /module/i.test(error.message);
  if (lostModule) setTimeout(() => location.reload(), RELOAD_AFTER_MS);
  else showStartFailure();
}

function showStartFailure(): void {
  const main = document.createElement('main');
  main.setAttribute('role', 'alert');
  main.className = 'start-failure';
  for (const { lang, title, text, reload } of TEXTS) {
    const section = document.createElement('section');
    section.lang = lang;
    const button = createTextElement('button', reload);
    button.addEventListener('click', () => location.reload());
    section.append(createTextElement('h1', title), createTextElement('p', text), button);
    main.append(section);
  }
  document.body.replaceChildren(main);
}

function createTextElement(tag: 'h1' | 'p' | 'button', text: string): HTMLElement {
  return Object.assign(document.createElement(tag), { textContent: text });
}
