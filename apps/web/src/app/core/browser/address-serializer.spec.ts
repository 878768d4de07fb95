import { AddressSerializer } from './address-serializer';

describe('AddressSerializer', () => {
  const parsed = (address: string) => new AddressSerializer().parse(address).toString();

  it.each([
    ...['.', ',', ':', '!', ';', ')', '*', '**', '...', '.)', '(', "'", '"', '%', '%22', '%E3%80%82', '%EF%BC%89abc'],
    ...['.Thanks', ',www.b.org', '(x)', '&x', '=', '@'],
  ])('ends a code before %s', (mark) => {
    expect(parsed(`/join/kT3v9s-hQm2_wB7c${mark}`)).toBe('/join/kT3v9s-hQm2_wB7c');
    expect(parsed(`/r/0198c0de-7a51${mark}?panel=people#latest`)).toBe('/r/0198c0de-7a51?panel=people#latest');
  });

  it.each([
    ...['/', '/join/kT3v9s-hQm2_wB7c', '/join/kT3v9s-hQm2_wB7c?x=a,b#c.', '/r/0198c0de-7a51?panel=people#latest'],
    ...['/sign-in?next=%2Fjoin%2Fabc', '/rooms/browse', '/rooms.', '/join', '/r/1/x.'],
  ])('leaves %s as it is', (address) => expect(parsed(address)).toBe(address));
});
