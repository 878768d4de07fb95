// Before the first paint, so that a chosen theme does not flash up after the system's. See core/preferences.ts.
try {
  const theme = localStorage.getItem('webcall.theme');
  if (theme === '"light"' || theme === '"dark"') document.documentElement.dataset.theme = JSON.parse(theme);
} catch (error) {
  console.debug('the theme cannot be remembered in this browser', error);
}
