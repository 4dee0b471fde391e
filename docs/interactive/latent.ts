// Chapter 5 and the home page: every point of a plane is a digit, and every digit a place in it.
import type { Frame } from './frame';
import { Pad } from './latent_pad';
import { picture, type Sheet } from './latent_picture';
import { paint, size, walk } from './latent_plane';

const files = { vae: 'two_codes', autoencoder: 'two_codes_autoencoder', digits: 'two_codes_of_digits' };
const pair = (a: number, b: number) => `(${a.toFixed(2)}, ${b.toFixed(2)})`.replaceAll('-', '−');

export default async function latent(frame: Frame): Promise<void> {
  const model = frame.choice({ key: 'model', label: 'model', values: { vae: 'VAE', autoencoder: 'plain autoencoder' }, value: 'vae' });
  const shown = frame.choice({
    key: 'shows', label: 'the plane shows', value: 'digits',
    values: { digits: 'what each code decodes to', codes: 'codes of 500 test digits', far: 'how far from any training digit' },
  });
  const z1 = frame.slider({ key: 'z1', label: 'z₁, to the right', min: -3, max: 3, step: 0.01, value: 1.8 });
  const z2 = frame.slider({ key: 'z2', label: 'z₂, upwards', min: -3, max: 3, step: 0.01, value: -0.7 });
  const digit = frame.choice<string>({
    key: 'digit', label: 'the picture to place', value: '9',
    values: { ...Object.fromEntries([...'0123456789'].map((one) => [one, `a ${one}, drawn by the book`])), drawn: 'what you draw' },
  });
  let glanced: [number, number] | undefined;
  let later = 0;
  const go = (code: ArrayLike<number>) => {
    [z1.value, z2.value, glanced] = [code[0], code[1], undefined];
    frame.update();
    clearTimeout(later);
    later = setTimeout(() => frame.note(), 250) as unknown as number;
  };

  const plane = frame.canvas(size, size, 'The plane of codes. Arrow keys move the code.', true);
  const beside = plane.parentElement!.appendChild(document.createElement('div'));
  beside.className = 'beside';
  const small = (words: string, name = '') => {
    const figure = beside.appendChild(document.createElement('figure')), canvas = frame.canvas(224, 224, words);
    figure.className = name;
    figure.append(canvas, Object.assign(document.createElement('figcaption'), { textContent: words }));
    return canvas;
  };
  const here = small('decoded at the cross'), back = small('your picture, decoded');
  const pad = new Pad(small('draw here, or choose a digit below', 'wide'), () => digit.value === 'drawn', () => {
    digit.value = 'drawn';
    frame.update();
  }, () => frame.note());

  frame.keep('drawn', pad);
  let found: ArrayLike<number> = [0, 0];
  walk(plane, {
    current: () => [z1.value, z2.value],
    put: go,
    glance(code) {
      glanced = code;
      frame.update();
    },
  });
  frame.button('Clear the picture', () => {
    pad.clear();
    frame.note();
  });
  frame.button('Go to its code', () => go(found));
  frame.button('Reset', () => frame.reset());

  const given = new Set<string>();
  async function need(file: keyof typeof files): Promise<void> {
    if (given.has(file)) return;
    const reply = await fetch(new URL(`./${files[file]}.safetensors`, import.meta.url));
    if (!reply.ok) throw new Error(`${files[file]}.safetensors could not be fetched: ${reply.status} ${reply.statusText}`);
    await frame.engine.give(`latent_${file}`, new Uint8Array(await reply.arrayBuffer()));
    given.add(file);
  }

  const sheets = new Map<string, Sheet>();
  let example = '';
  await frame.draws(async () => {
    // As they stand now: a reader may move on while a file is fetched.
    const [name, shows, picked] = [model.value, shown.value, digit.value], ask = frame.engine.call.bind(frame.engine);
    const plain = name === 'autoencoder', number = plain ? 1 : 0, cross: [number, number] = glanced ?? [z1.value, z2.value];
    await need(name);
    if (shows !== 'digits') await need('digits');
    if (!sheets.has(name)) sheets.set(name, { side: 560, values: await ask('latent_grid', [number]) });
    if (picked !== 'drawn' && picked !== example) pad.values = await ask('latent_example', [Number(picked)]);
    example = picked;
    const [decoded, encoded, codes, distances] = await Promise.all([
      ask('latent_decode', [number, ...cross]), ask('latent_encode', [number, ...pad.values]),
      shows === 'codes' ? ask('latent_codes', [number]) : undefined,
      shows === 'far' ? ask('latent_distances', [number]) : undefined,
    ]);
    found = encoded;
    const [a, b, ofA, ofB, reconstruction, kl, elbo] = encoded;
    picture(frame, here, { side: 28, values: decoded });
    picture(frame, back, { side: 28, values: encoded.subarray(7 + 784) });
    pad.draw(frame, encoded.subarray(7, 7 + 784));
    paint(frame, plane, { sheet: sheets.get(name)!, codes, distances, cross, bet: { mean: [a, b], scale: plain ? undefined : [ofA, ofB] } });
    const both: [string, number | string][] = [['code at the cross', pair(...cross)], [plain ? 'code of the picture' : 'bet on its code', pair(a, b)]];
    frame.read(plain ? [...both, ['squared error', reconstruction]]
      : [...both, ['its deviations', pair(ofA, ofB)], ['reconstruction, nats', reconstruction], ['KL, nats', kl], ['ELBO, nats', elbo]]);
  });
}
