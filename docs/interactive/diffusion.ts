import type { Frame } from './frame';

export default async function diffusion(frame: Frame): Promise<void> {
  await frame.draws(async () => {});
}
