import type { Locator } from '@playwright/test';

/** @returns what can be seen of a text in one line, in the order in which it stands there from left to right */
export function readFromLeft(text: Locator): Promise<string> {
  return text.evaluate((element) => {
    const placed: { character: string; left: number }[] = [];
    const range = document.createRange();
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      for (const { segment, index } of new Intl.Segmenter().segment(node.nodeValue ?? '')) {
        range.setStart(node, index);
        range.setEnd(node, index + segment.length);
        const { left, width } = range.getBoundingClientRect();
        if (width > 0) placed.push({ character: segment, left });
      }
    }
    const sorted = placed.sort((a, b) => a.left - b.left);
    return sorted
      .map(({ character }) => character)
      .join('')
      .trim();
  });
}

/** @returns the side of its paragraph on which a text stands */
export function sideOf(text: Locator): Promise<'left' | 'right'> {
  return text.evaluate((element) => {
    const paragraph = element.closest('p')?.getBoundingClientRect();
    if (!paragraph) throw new Error('the text stands in no paragraph');
    const { left, right } = element.getBoundingClientRect();
    return left - paragraph.left < paragraph.right - right ? 'left' : 'right';
  });
}

/** @returns whether the first letter of a text that is too long for its place can be seen there */
export function showsItsStart(text: Locator): Promise<boolean> {
  return text.evaluate((element) => {
    const first = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
    if (!first) throw new Error('there is no text');
    const range = document.createRange();
    range.setStart(first, 0);
    range.setEnd(first, 1);
    const letter = range.getBoundingClientRect();
    let clip: Element | null = element;
    while (clip && getComputedStyle(clip).overflowX === 'visible') clip = clip.parentElement;
    const place = (clip ?? document.documentElement).getBoundingClientRect();
    return letter.left >= place.left - 1 && letter.right <= place.right + 1;
  });
}
