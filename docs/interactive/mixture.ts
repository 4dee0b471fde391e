import type { Frame } from './frame';

export default async function mixture(frame: Frame): Promise<void> {
  await frame.draws(async () => {});
}
