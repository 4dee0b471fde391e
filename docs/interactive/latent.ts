import type { Frame } from './frame';

export default async function latent(frame: Frame): Promise<void> {
  await frame.draws(async () => {});
}
