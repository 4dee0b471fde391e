import type { Frame } from './frame';

export default async function bound(frame: Frame): Promise<void> {
  await frame.draws(async () => {});
}
