// Puts an instrument in each place that a page has for one. Only what the page needs is fetched,
// and only when its reader comes near.
import { Frame } from './frame';

type Instrument = { default(frame: Frame): void | Promise<void> };

const instruments: Record<string, () => Promise<Instrument>> = {
  kl: () => import('./kl'),
  bound: () => import('./bound'),
  gradients: () => import('./gradients'),
  training: () => import('./training'),
  latent: () => import('./latent'),
  mixture: () => import('./mixture'),
  diffusion: () => import('./diffusion'),
};

async function put(place: HTMLElement): Promise<void> {
  const frame = new Frame(place);
  try {
    await (await instruments[place.dataset.instrument ?? '']()).default(frame);
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
