// Puts an instrument in each place that a page has for one. Only what the page needs is fetched,
// and only when its reader comes near.
import { Frame } from './frame';
import type { ModuleName } from './module';

type Instrument = { default(frame: Frame): void | Promise<void> };

// Each with the module of the C++ that it asks.
const instruments: Record<string, [ModuleName, () => Promise<Instrument>]> = {
  kl: ['models', () => import('./kl')],
  bound: ['models', () => import('./bound')],
  gradients: ['models', () => import('./gradients')],
  mixture: ['models', () => import('./mixture')],
  training: ['networks', () => import('./training')],
  latent: ['networks', () => import('./latent')],
  diffusion: ['networks', () => import('./diffusion')],
};

async function put(place: HTMLElement): Promise<void> {
  const [module, load] = instruments[place.dataset.instrument ?? ''];
  const frame = new Frame(place, module);
  try {
    await (await load()).default(frame);
    frame.live();
  } catch (error) {
    frame.fault(error);
  }
}

const style = document.createElement('link');
style.rel = 'stylesheet';
style.href = new URL('./instruments.css', import.meta.url).href;
document.head.append(style);

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    void put(target as HTMLElement);
  }
}, { rootMargin: '600px' });

document.querySelectorAll<HTMLElement>('[data-instrument]').forEach((place) => near.observe(place));
